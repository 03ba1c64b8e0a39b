import { FloeError } from '@floe/errors';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_TEXT_BYTES } from './limits.ts';
import { parseProgram } from './parse-program.ts';
import { toFramePlan } from './lower/to-frame-plan.ts';
import { checkProgram } from './check-program.ts';

const inputs = { t: [{ name: 'a', type: { kind: 'int64' } }] } as const;
/** Generous for a shared machine; a text that costs more blocks the service that checks it. */
const MAX_MS = 3_000;

/** Whether the text is a program; anything but a FloeError is a failure of the test. */
function isAccepted(text: string): boolean {
  try {
    const program = parseProgram(text, { inputs: ['t'] });
    checkProgram(program, { inputs });
    toFramePlan(program, {});
    return true;
  } catch (thrown) {
    if (thrown instanceof FloeError && thrown.code !== 'INTERNAL') return false;
    throw thrown;
  }
}

const repeated = (piece: string): string =>
  piece.repeat(Math.floor((MAX_TEXT_BYTES - 100) / piece.length));

test.each([
  ['open parentheses', repeated('(')],
  ['open brackets', `t.select(${repeated('[')}`],
  ['balanced parentheses', `t.select(${'('.repeat(5_000)}1${')'.repeat(5_000)})`],
  ['a long sum', `t.select(${'1 + '.repeat(20_000)}1)`],
  ['a long chain', `t${'.head(1)'.repeat(20_000)}`],
  ['many minuses', `t.select(${'-'.repeat(20_000)}1)`],
  ['open placeholders', repeated('${{ ')],
  ['quotes', repeated('"')],
  ['triple quotes', repeated('"""')],
  ['backslashes', repeated('\\')],
  ['commas', `t.select(${repeated(',').slice(20)})`],
  ['a long number', `t.head(${repeated('9').slice(20)})`],
  ['a long name', repeated('a')],
  ['indented lines', repeated('\n  t')],
  ['colons', repeated('if x:\n ')],
  ['lone surrogates', repeated('\ud800')],
  ['null characters', repeated('\0')],
])('answers %s quickly with an error', (_, text) => {
  const before = performance.now();
  expect(isAccepted(text)).toBe(false);
  expect(performance.now() - before).toBeLessThan(MAX_MS);
});

test('refuses a text that is too large before it reads it', () => {
  expect(isAccepted('t #'.padEnd(MAX_TEXT_BYTES + 1, 'x'))).toBe(false);
  expect(isAccepted('t #'.padEnd(MAX_TEXT_BYTES / 2 + 10, '\u00e9'))).toBe(false);
});

test('refuses a list of too many members', () => {
  const list = (length: number): string =>
    `t.filter(pl.col("a").is_in([${Array(length).fill('1').join(',')}]))`;
  expect(isAccepted(list(10_000))).toBe(true);
  expect(isAccepted(list(10_001))).toBe(false);
});

test('an expression that is deeper than Polars reads is refused by the parser', () => {
  const sum = (terms: number): string =>
    `t.select(${Array(terms).fill('pl.col("a")').join(' + ')})`;
  expect(isAccepted(sum(40))).toBe(true);
  expect(isAccepted(sum(100))).toBe(false);
});

const PIECES = [
  't',
  'pl',
  '.',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  ',',
  '=',
  '\n',
  ' ',
  '"',
  "'",
  '\\',
  '#',
  ':',
  '~',
  '-',
  '**',
  '==',
  'col',
  'select',
  'filter',
  'group_by',
  'agg',
  'over',
  'when',
  'then',
  'otherwise',
  'str',
  'lambda',
  'for',
  'in',
  'constructor',
  '__proto__',
  'toString',
  'hasOwnProperty',
  '"a"',
  '1',
  '1.5',
  '${{',
  'params.x',
  '}}',
  '\u00e9',
  '\ud83d\ude00',
  'pl.col("a")',
  't.select(',
  'date(2024, 1, 1)',
  'None',
  'True',
  'pl.Int64',
  '.cast(',
  'f"',
  'not',
  ':=',
  '*',
];

test('mutilated texts give a FloeError or a plan, and nothing else', () => {
  const text = fc
    .array(fc.constantFrom(...PIECES), { maxLength: 40 })
    .map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(text, (source) => {
      isAccepted(source);
    }),
    { numRuns: 3_000 },
  );
});

test('a valid text with a piece cut out gives a FloeError or a plan, and nothing else', () => {
  const valid = `x = t.filter((pl.col("a") > 1) & ~pl.col("a").is_in([1, 2]))
x.group_by("a").agg(pl.len().alias("n"), b=pl.when(pl.col("a") == 1).then("a").otherwise(None)).sort("n", descending=[True])`;
  for (let from = 0; from < valid.length; from += 1) {
    for (const length of [1, 2, 7]) isAccepted(valid.slice(0, from) + valid.slice(from + length));
  }
});
