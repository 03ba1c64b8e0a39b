/** What was thrown, in its own words. */
export function saidOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
