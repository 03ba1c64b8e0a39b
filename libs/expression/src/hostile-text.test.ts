import { readFileSync } from 'node:fs';
import { FloeError } from '@floe/errors';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MAX_TEXT_BYTES } from './limits.ts';
import { parseProgram } from './parse-program.ts';
import { toFramePlan } from './lower/to-frame-plan.ts';
import { checkProgram } from './check-program.ts';

const inputs = {
  t: [{ name: 'a', type: { kind: 'int64' } }],
  raw: [{ name: 'i', type: { kind: 'int64' } }],
  other: [{ name: 'v', type: { kind: 'int64' } }],
} as const;
/** Of the processor, so that a busy machine does not count; a text that costs more blocks the service that checks it. */
const MAX_MS = 100;

/** The least of up to three tries: the compiler and the collector of Node run when they like, and count as well. */
function processorMs(run: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 3 && least >= MAX_MS; attempt += 1) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}

/** Whether the text is a program; anything but a FloeError is a failure of the test. */
function isAccepted(text: string): boolean {
  try {
    const program = parseProgram(text, { inputs: Object.keys(inputs) });
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
  ['conditions within conditions', `t.select(${'pl.when(pl.col("a") > 1).then('.repeat(2_000)}1`],
  ['lines that go on after an error', 't.select(pl.col("a") +\n'.repeat(3_000)],
  ['rubbish', '@#$ ('.repeat(5_000)],
  ['operators without operands', repeated('* ')],
  ['marks above letters', repeated('a\u0301\u200d')],
  ['directions of writing', repeated('\u202et.head(1)\u202c ')],
])('answers %s quickly with an error', (_, text) => {
  isAccepted('t.select(pl.col("a"))');
  const spent = processorMs(() => expect(isAccepted(text)).toBe(false));
  expect(spent).toBeLessThan(MAX_MS);
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

const PROGRAMS = readFileSync(new URL('../test/golden/programs.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n\n');
const ODD = [
  '\u0000',
  '\ud800',
  '\u202e',
  '\u00a0',
  '\u{1F600}',
  '"',
  "'",
  '\\',
  '(',
  ')',
  '[',
  '{',
  '.',
  ',',
  '=',
  '\n',
  '#',
  '${{',
  'lambda x: x',
  '__class__',
  '9'.repeat(40),
];

type Mutation = { readonly at: number; readonly cut: number; readonly piece: string };

const mutate = (text: string, { at, cut, piece }: Mutation): string => {
  const from = at % (text.length + 1);
  return text.slice(0, from) + piece + text.slice(from + cut);
};

test('real programs with characters changed give a FloeError or a plan, and nothing else', () => {
  const mutation = fc.record({
    at: fc.nat(2_000),
    cut: fc.constantFrom(0, 0, 1, 3, 20),
    piece: fc.oneof(fc.constantFrom('', ...ODD, ...PIECES), fc.string({ maxLength: 4 })),
  });
  const mutated = fc
    .tuple(fc.constantFrom(...PROGRAMS), fc.array(mutation, { minLength: 1, maxLength: 4 }))
    .map(([program, mutations]) => mutations.reduce(mutate, program));
  fc.assert(
    fc.property(mutated, (text) => {
      expect(processorMs(() => isAccepted(text))).toBeLessThan(MAX_MS);
    }),
    { numRuns: 4_000 },
  );
});

test('patterns over names take time that grows with their length alone', () => {
  const hard = `(${'a?'.repeat(30)}${'a'.repeat(30)}|(a+b*)*c)+$`;
  const name = 'a'.repeat(60);
  const columns = [{ name, type: { kind: 'int64' } }] as const;
  for (const pattern of [
    hard,
    '(a|aa)+$',
    '(.*)(.*)(.*)(.*)(.*)!',
    'x{64}{64}',
    '[[a]]',
    '(?=a)',
    '(a',
  ]) {
    const spent = processorMs(() => {
      try {
        const program = parseProgram(`t.select(cs.matches("${pattern}"))`, { inputs: ['t'] });
        checkProgram(program, { inputs: { t: columns } });
      } catch (thrown) {
        if (!(thrown instanceof FloeError) || thrown.code === 'INTERNAL') throw thrown;
      }
    });
    expect(spent).toBeLessThan(MAX_MS);
  }
});
