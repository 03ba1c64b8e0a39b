/** More connections than this use up a server rather than make it faster. */
export const PARALLEL_MAX = 32;
