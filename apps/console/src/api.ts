import { createFloeClient } from '@floe/client';
import { createSessionFetch } from './session.ts';
import { createSocketFetch } from './streams/socket-fetch.ts';

/** The gateway that this page came from. */
export const floe = createFloeClient({
  baseUrl: globalThis.location.origin,
  fetch: createSessionFetch(
    // A browser's fetch refuses to be called as a method of anything but the window.
    createSocketFetch((url, init) => globalThis.fetch(url, init)),
  ),
});
