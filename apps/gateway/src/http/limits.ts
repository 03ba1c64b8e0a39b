/** What a request may cost. Each bound is refused by name: 413, 429, 431 or 408. */

// A workflow document is at most this long.
export const BODY_BYTES_MAX = 1024 * 1024;
export const HEADER_BYTES_MAX = 16 * 1024;
// A client that is slower with a request of 1 MiB holds a socket for nothing.
export const REQUEST_TIMEOUT_MS = 30_000;
export const HEADERS_TIMEOUT_MS = 10_000;
// Longer than the pause between two clicks, shorter than what proxies in front keep a connection for.
export const KEEP_ALIVE_TIMEOUT_MS = 72_000;
// Longer than any name or id, shorter than a line.
export const PARAMETER_CHARACTERS_MAX = 512;
// The streams, and each of a hundred people with the six connections of a browser.
export const CONNECTIONS_MAX = 2_000;
// How long answers that are under way may take when the gateway is to stop; a call has 30 s, and so has the whole stop.
export const DRAIN_MS = 15_000;

export type RateLimits = {
  /** Requests of one caller in a window. */
  readonly requestsMax: number;
  /** Requests of one address in a window that named no good token. */
  readonly failuresMax: number;
};

export const RATE_WINDOW_MS = 10_000;
// A thousand each second: more than the gateway answers on two cores, less than what keeps it from everybody else.
// Nobody types ten wrong tokens; a program that has lost its token need not be told more than once a second.
export const RATE_LIMITS: RateLimits = { requestsMax: 10_000, failuresMax: 100 };
// Callers and addresses that are counted at once; the longest unseen is forgotten.
export const RATE_KEYS_MAX = 5_000;
