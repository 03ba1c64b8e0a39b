/** What Python's simple escapes stand for. https://docs.python.org/3/reference/lexical_analysis.html#escape-sequences */
const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([\s\S]))/g;
const LARGEST_CODE_POINT = 0x10ffff;

/** The value of one string literal, or the reason why it has none. */
export function decodeString(source: string): { value: string } | { problem: string } {
  const match = /^([A-Za-z]*)("""|'''|"|')/.exec(source);
  const [, prefix = '', quote = ''] = match ?? [];
  const kind = prefix.toLowerCase();
  if (kind.includes('f') || kind.includes('t')) return { problem: 'formatted strings are not supported' };
  if (kind.includes('b')) return { problem: 'bytes are not supported' };
  const start = prefix.length + quote.length;
  const isClosed = source.length >= start + quote.length && source.endsWith(quote);
  if (quote === '' || !isClosed) return { problem: 'the string is not closed' };
  const body = source.slice(start, source.length - quote.length).replaceAll('\r\n', '\n');
  return kind.includes('r') ? { value: body } : decodeEscapes(body);
}

function decodeEscapes(body: string): { value: string } | { problem: string } {
  let problem: string | undefined;
  const value = body.replace(ESCAPE, (whole, hex2, hex4, hex8, octal, simple) => {
    const hex: string | undefined = hex2 ?? hex4 ?? hex8;
    if (hex !== undefined || octal !== undefined) {
      const code = hex === undefined ? Number.parseInt(octal, 8) : Number.parseInt(hex, 16);
      if (code <= LARGEST_CODE_POINT) return String.fromCodePoint(code);
      problem = `${whole} is not a character`;
      return '';
    }
    if (simple === 'N') problem = 'character names (\\N{...}) are not supported';
    // Python keeps the backslash of an escape that it does not know.
    return Object.hasOwn(SIMPLE_ESCAPES, simple) ? (SIMPLE_ESCAPES[simple] ?? '') : whole;
  });
  return problem === undefined ? { value } : { problem };
}

const LARGEST_INTEGER = 2n ** 64n - 1n;
/** Longer digit strings cannot fit 64 bits; turning them into a BigInt would cost quadratic time. */
const MAX_INTEGER_LENGTH = 80;

/** The value of a number literal: an integer of 64 bits or a finite double, each as text. */
export function decodeNumber(
  source: string,
): { kind: 'integer' | 'float'; value: string } | { problem: string } {
  const digits = source.replaceAll('_', '');
  if (/[jJlL]$/.test(digits)) return { problem: 'complex and long numbers are not supported' };
  if (/^(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|[1-9][0-9]*|0+)$/.test(digits)) {
    const value = digits.length > MAX_INTEGER_LENGTH ? LARGEST_INTEGER + 1n : BigInt(digits);
    if (value > LARGEST_INTEGER) return { problem: 'the integer does not fit 64 bits' };
    return { kind: 'integer', value: value.toString() };
  }
  const value = Number(digits);
  if (!/^[0-9.][0-9.eE+-]*$/.test(digits) || Number.isNaN(value) || /^0[0-9]+$/.test(digits)) {
    return { problem: `\`${source.slice(0, 40)}\` is not a number` };
  }
  return Number.isFinite(value)
    ? { kind: 'float', value: String(value) }
    : { problem: 'the number is too large for a float' };
}
