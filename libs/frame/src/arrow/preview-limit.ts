/** A preview is for eyes, and it may go into a message: it never has more rows than this. */
export const MAX_PREVIEW_ROWS = 100;
