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

const ESCAPE = /\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-7]{1,3}|[\s\S])/g;
const LARGEST_CODE_POINT = 0x10ffff;

/** The value of one string literal, or the reason why it has none. The characters of bytes stand for one byte each. */
export function decodeString(
  source: string,
): { value: string; isBytes: boolean } | { problem: string } {
  const match = /^([A-Za-z]*)("""|'''|"|')/.exec(source);
  const [, prefix = '', quote = ''] = match ?? [];
  const kind = prefix.toLowerCase();
  if (kind.includes('f') || kind.includes('t'))
    return { problem: 'formatted strings are not supported' };
  const isBytes = kind.includes('b');
  const start = prefix.length + quote.length;
  const isClosed = source.length >= start + quote.length && source.endsWith(quote);
  if (quote === '' || !isClosed) return { problem: 'the string is not closed' };
  const body = source.slice(start, source.length - quote.length).replaceAll('\r\n', '\n');
  const decoded = kind.includes('r') ? { value: body } : decodeEscapes(body);
  if ('problem' in decoded) return decoded;
  const isWide = isBytes && /[^\0-\xff]/.test(decoded.value);
  return isWide ? { problem: 'bytes hold only ASCII characters' } : { ...decoded, isBytes };
}

function decodeEscapes(body: string): { value: string } | { problem: string } {
  let problem: string | undefined;
  const value = body.replaceAll(ESCAPE, (whole, escape: string) => {
    const decoded = decodeEscape(escape);
    if (decoded === null) problem = `${whole} is not a character that can be written like this`;
    return decoded ?? '';
  });
  return problem === undefined ? { value } : { problem };
}

/** What stands after a backslash; null when it is no character. */
function decodeEscape(escape: string): string | null {
  const isOctal = /^[0-7]/.test(escape);
  if (escape.length > 1 || isOctal) {
    const code = isOctal ? Number.parseInt(escape, 8) : Number.parseInt(escape.slice(1), 16);
    return code <= LARGEST_CODE_POINT ? String.fromCodePoint(code) : null;
  }
  // \N{...} names a character; the names are not here.
  if (escape === 'N') return null;
  // Python keeps the backslash of an escape that it does not know.
  return Object.hasOwn(SIMPLE_ESCAPES, escape) ? (SIMPLE_ESCAPES[escape] ?? '') : `\\${escape}`;
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
