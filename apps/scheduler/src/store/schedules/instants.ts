/** An instant as PostgreSQL reads it; null when there is none. */
export function isoOf(instant: number | undefined): string | null {
  return instant === undefined ? null : new Date(instant).toISOString();
}
