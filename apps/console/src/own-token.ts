/**
 * The token that this browser shows to the gateway. It is kept for the tab alone: whoever opens another tab of a machine
 * that is shared is asked again.
 */
const KEY = 'floe.token';

let own = readStored();

function readStored(): string | undefined {
  try {
    return sessionStorage.getItem(KEY) ?? undefined;
  } catch {
    // Storage may be switched off: then the token has to be given for each page anew.
    return undefined;
  }
}

export function readToken(): string | undefined {
  return own;
}

export function keepToken(token: string): void {
  own = token;
  try {
    sessionStorage.setItem(KEY, token);
  } catch {
    // It counts until the page is loaded anew.
  }
}

/** Begins anew without one: every answer so far was for whoever had it. */
export function forgetToken(): void {
  sessionStorage.removeItem(KEY);
  globalThis.location.reload();
}
