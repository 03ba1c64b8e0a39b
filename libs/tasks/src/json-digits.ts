/** Whole numbers of JSON with all of their digits, also those that a number of JavaScript does not hold. */

/** What `JSON.stringify` writes as it is. Standard in Node; the library of types does not know it yet. */
export function rawJson(text: string): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);
}

/** For a reviver: the digits of a whole number that became another one when it was read; undefined for all else. */
export function lostDigits(
  value: unknown,
  context: { readonly source?: string } | undefined,
): string | undefined {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return undefined;
  const { source = '' } = context ?? {};
  return /^-?\d+$/.test(source) ? source : undefined;
}
