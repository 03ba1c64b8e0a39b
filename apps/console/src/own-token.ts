/**
 * The token that this browser shows to the gateway. It is kept for the tab alone: whoever opens another tab of a machine
 * that is shared is asked again.
 */
const KEY = 'floe.token';

export function readToken(): string | undefined {
  try {
    return sessionStorage.getItem(KEY) ?? undefined;
  } catch {
    // Storage may be switched off: then the token has to be given for each page anew.
    return undefined;
  }
}

/** Keeps the token, or forgets it when it is empty, and begins anew: every answer so far was for another. */
export function changeToken(token: string): void {
  if (token === '') sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, token);
  globalThis.location.reload();
}
