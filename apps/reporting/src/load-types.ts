/** Task types that write rows to where users keep theirs. */
export const LOAD_TYPES = ['postgres_load'] as const;
