/** Whether the same call can go well later, as a FloeError tells by its code. */
export function isPassing(thrown: unknown): boolean {
  return thrown instanceof Error && Reflect.get(thrown, 'isRetryable') === true;
}

/** What to tell a reader about something that was thrown; a FloeError also says what mends it. */
export function toMessage(thrown: unknown): { readonly message: string; readonly hint: string } {
  if (!(thrown instanceof Error)) return { message: String(thrown), hint: '' };
  const hint: unknown = Reflect.get(thrown, 'hint');
  return { message: thrown.message, hint: typeof hint === 'string' ? hint : '' };
}

/** Errors begin small and end without a full stop, for they are parts of other sentences elsewhere. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${text.endsWith('.') ? '' : '.'}`;
}
