import { createFloeClient } from '@floe/client';
import { readToken } from './own-token.ts';
import { createSocketFetch } from './streams/socket-fetch.ts';

const token = readToken();

/** The gateway that this page came from. */
export const floe = createFloeClient({
  baseUrl: globalThis.location.origin,
  ...(token !== undefined && { token }),
  // A browser's fetch refuses to be called as a method of anything but the window.
  fetch: createSocketFetch((url, init) => globalThis.fetch(url, init)),
});
