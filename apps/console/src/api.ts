import { createFloeClient } from '@floe/client';

/** The gateway that this page came from. */
export const floe = createFloeClient({
  baseUrl: globalThis.location.origin,
  // A browser's fetch refuses to be called as a method of anything but the window.
  fetch: (url, init) => globalThis.fetch(url, init),
});
