/** What people, browsers and attackers send where a name, a number or an object is wanted. */
import fc from 'fast-check';

const LONG = 'x'.repeat(5_000);
export const DROP_TABLE = "'; drop table floe.run; --";

const TEXTS: readonly string[] = [
  '',
  ' ',
  '0',
  '-1',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\u202eevil',
  '﷽'.repeat(200),
  '../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '%',
  '%00',
  '%ff',
  DROP_TABLE,
  '" or 1=1 --',
  '${{ params.x }}',
  '{{7*7}}',
  '$(reboot)',
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
  'toString',
  'null',
  'undefined',
  'NaN',
  'true',
  '9'.repeat(400),
  '1e400',
  '0x10',
  '2026-02-30T25:61:61Z',
  '-271821-04-20T00:00:00.000Z',
  '+275760-09-13T00:00:00.000Z',
  '0000-01-01T00:00:00Z',
  'WyJ0b2tlbnMiLCJ4Il0',
  'WyJydW5zIiwiXHUwMDAwIl0',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-7fff-bfff-ffffffffffff',
  LONG,
];

export const hostileText = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
);

const NUMBERS: readonly number[] = [
  0,
  -0,
  -1,
  1,
  0.5,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  2 ** 53,
  1e308,
  5e-324,
];

export const hostileNumber = fc.oneof(fc.constantFrom(...NUMBERS), fc.integer(), fc.double());

/** Nested deeper than any stack likes; as text, for writers of JSON go deep themselves. */
function nested(depth: number, [open, close]: readonly [string, string]): string {
  return `${open.repeat(depth)}1${close.repeat(depth)}`;
}

/** Bodies that are no JSON object at all, or one that is meant to hurt. */
export const hostileBody = fc.constantFrom(
  '',
  'null',
  '[]',
  '0',
  '"text"',
  '{',
  '{"a":',
  '{"a":1,}',
  '{"__proto__":{"isAdmin":true}}',
  '{"constructor":{"prototype":{"isAdmin":true}}}',
  '{"source":"a","source":"b"}',
  nested(20_000, ['[', ']']),
  nested(20_000, ['{"a":', '}']),
  `{"parameters":${nested(5_000, ['{"a":', '}'])},"workflowName":"quick"}`,
  `{"source":${JSON.stringify('a: '.repeat(300_000))}}`,
  `{"source":${JSON.stringify(`a: ${nested(20_000, ['[', ']'])}`)}}`,
  `{"source":"a: &a [x,x]\\nb: &b [*a,*a]\\nc: &c [*b,*b]\\nd: [*c,*c]"}`,
  `{"workflowName":"${'x'.repeat(500_000)}"}`,
  '\ufeff{}',
  '{"a":1e400}',
  '{"a":"\\ud800"}',
);

export const hostileType = fc.constantFrom(
  'application/json',
  'application/json; charset=utf-16',
  'application/yaml',
  'text/plain',
  'text/html',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  'application/octet-stream',
  'application/JSON',
  '*/*',
  'x',
);
