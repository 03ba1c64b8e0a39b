const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether a text is an id as Floe draws them, for runs, tokens, artifacts and the like; PostgreSQL reads either case. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
