/** The characters that a text of Markdown names (https://spec.commonmark.org/0.31.2/#entity-and-numeric-character-references). */

// Those that summaries and people use; any other stays as it is written.
const NAMED: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00A0',
};
// The largest code point of Unicode, and what stands for one that is none.
const CODE_POINT_MAX = 0x10_ff_ff;
const REPLACEMENT = '\uFFFD';

export function decodeEntities(text: string): string {
  return text.replaceAll(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]+));/gi,
    (whole, decimal, hex, name) => {
      if (decimal !== undefined) return characterOf(Number(decimal));
      if (hex !== undefined) return characterOf(Number.parseInt(String(hex), 16));
      return NAMED[String(name)] ?? whole;
    },
  );
}

function characterOf(codePoint: number): string {
  return codePoint === 0 || codePoint > CODE_POINT_MAX
    ? REPLACEMENT
    : String.fromCodePoint(codePoint);
}

/** Whether a link of a text may be followed: to the web, or within the console. */
export function isSafeAddress(address: string): boolean {
  return /^(?:https?:\/\/|\/(?!\/)|#)/i.test(address);
}
