/** Bounds of what is read from dumps and exports, with their reasons. */

// The server's own bound is 16 MiB, and some of its internal documents are a little longer.
export const BSON_BYTES_MAX = 16 * 1024 * 1024 + 16 * 1024;
// JSON of a document of 16 MiB with every value wrapped in its type.
export const JSON_BYTES_MAX = 64 * 1024 * 1024;
// What is kept of a document that cannot be read, for people.
export const EXCERPT_LENGTH_MAX = 2_000;
// A server that has not answered by then is not there.
export const SERVER_SELECTION_MS = 10_000;
export const SOCKET_TIMEOUT_MS = 60_000;
// Documents that the server sends at once: a megabyte or so.
export const CURSOR_BATCH = 200;
// A dump has databases in folders and collections in them.
export const DUMP_DEPTH_MAX = 3;
