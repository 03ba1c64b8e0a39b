/** Task types that write rows to where users keep theirs. */
export const LOAD_TYPES: readonly string[] = ['postgres_load'];

/** Task types that read rows from where users keep theirs. */
export const EXTRACT_TYPES: readonly string[] = ['postgres_extract', 'file_extract', 'http'];

/** Among them those that may only send rows, and then leave no dataset. */
export const SENDING_TYPES: readonly string[] = ['http'];
