/** What is wrong with a text that PostgreSQL does not store, neither as a value nor as the name of one. */
export const UNSTORABLE = {
  message: 'holds the character NUL or half of a surrogate pair',
  hint: 'PostgreSQL stores neither; write the text without it.',
} as const;

export function isStorable(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed();
}
