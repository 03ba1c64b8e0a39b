// gRPC's own default, set on both sides so that it is a decision: rows travel elsewhere, and a page of 1,000 runs
// takes less than a quarter of it.
export const MESSAGE_BYTES_MAX = 4 * 1024 * 1024;
