/** Task types that write rows to where users keep theirs. */
export const LOAD_TYPES = ['postgres_load'] as const;

/** Task types that read rows from where users keep theirs. */
export const EXTRACT_TYPES: readonly string[] = ['postgres_extract', 'file_extract', 'http'];
