/** Status codes that are said to pass: too early, too many, and a server in trouble. */
export function isPassing(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

// As RFC 9110 has servers write it; what else `Date.parse` takes is no date of HTTP.
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

type Headers = { readonly 'retry-after'?: string; readonly date?: string };

/**
 * How long a server asks to wait; undefined when it says nothing that can be read. A date counts from what the server says
 * the time is, so that a clock that is wrong, here or there, changes nothing.
 */
export function retryAfterMs(headers: Headers): number | undefined {
  const text = headers['retry-after']?.trim();
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  if (!HTTP_DATE.test(text)) return undefined;
  const waitMs = Date.parse(text) - Date.parse(headers.date ?? '');
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}
