/** Texts that nobody means: each gets an error with its place or a plan, soon, and nothing else. */
import { readFileSync } from 'node:fs';
import { FloeError } from '@floe/errors';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Schema } from '../data-type.ts';
import { MAX_TEXT_BYTES } from '../limits.ts';
import { toFramePlan } from '../lower/to-frame-plan.ts';
import { sqlProgram } from './sql-program.ts';
import { parseSql } from './to-sql-plan.ts';

const column = (name: string, kind: 'int64' | 'string') => ({ name, type: { kind } });
const inputs: Readonly<Record<string, Schema>> = {
  t: [column('id', 'int64'), column('a', 'int64'), column('g', 'string')],
  u: [column('g', 'string'), column('v', 'int64')],
  w: [column('k', 'int64')],
};
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

function isAccepted(text: string): boolean {
  try {
    const found = sqlProgram(parseSql(text, { inputs: Object.keys(inputs) }), { inputs });
    if (found.kind === 'program') toFramePlan(found.program, {});
    return true;
  } catch (thrown) {
    if (!(thrown instanceof FloeError) || thrown.code === 'INTERNAL') throw thrown;
    const isLocated = thrown.violations.every(({ place }) => place !== undefined);
    expect(isLocated || thrown.code === 'PARAMETER_INVALID').toBe(true);
    return false;
  }
}

const repeated = (piece: string): string =>
  piece.repeat(Math.floor((MAX_TEXT_BYTES - 100) / piece.length));

test.each([
  ['open parentheses', `SELECT ${repeated('(')} FROM t`],
  ['balanced parentheses', `SELECT ${'('.repeat(5_000)}1${')'.repeat(5_000)} FROM t`],
  ['queries within queries', `${repeated('SELECT a FROM (')} t`],
  ['conditions within conditions', `SELECT ${repeated('CASE WHEN a = 1 THEN ')} FROM t`],
  ['many signs', `SELECT ${repeated('- ')} a FROM t`],
  ['many times NOT', `SELECT a FROM t WHERE ${repeated('NOT ')} a = 1`],
  ['a long sum', `SELECT ${'a + '.repeat(20_000)}a AS s FROM t`],
  ['functions within functions', `SELECT ${'UPPER('.repeat(5_000)}g${')'.repeat(5_000)} FROM t`],
  ['what doubles at each level', `SELECT ${'NULLIF('.repeat(150)}g${", 'x')".repeat(150)} FROM t`],
  ['quotes', `SELECT ${repeated("' ")}' FROM t`],
  ['comments', `SELECT a FROM t ${repeated('/*')}`],
  ['casts', `SELECT a${repeated('::')} FROM t`],
  ['commas', `SELECT ${repeated(',')} FROM t`],
  ['a long number', `SELECT ${repeated('9')} FROM t`],
  ['lone surrogates', `SELECT ${repeated('\ud800')} FROM t`],
  ['placeholders', `SELECT ${repeated('${{ ')} FROM t`],
  ['joins of nothing', `SELECT a FROM t ${repeated('JOIN ')}`],
  ['unions of nothing', `SELECT a FROM t ${repeated('UNION ')}`],
])('answers %s quickly with an error', (_, text) => {
  isAccepted('SELECT a FROM t');
  const spent = processorMs(() => expect(isAccepted(text)).toBe(false));
  expect(spent).toBeLessThan(MAX_MS);
});

test.each([
  'SELECT constructor(a) FROM t',
  'SELECT a constructor t FROM t',
  'SELECT a toString g FROM t',
  'SELECT a::constructor FROM t',
  'SELECT a::toString(3) FROM t',
  'SELECT EXTRACT(constructor FROM a) FROM t',
  'SELECT SUBSTR(g, 1.5) AS s FROM t',
  'SELECT LAG(a, 99999999999999999999) OVER (ORDER BY a) AS l FROM t',
  'SELECT ROUND(a, 99999999999999999999) AS l FROM t',
  `SELECT ROUND(a, ${'9'.repeat(400)}) AS l FROM t`,
])('answers %s with an error', (text) => {
  expect(isAccepted(text)).toBe(false);
});

test('patterns over names take time that grows with their length alone', () => {
  const spent = processorMs(() => isAccepted(`SELECT * ILIKE '${'%a_'.repeat(20_000)}' FROM t`));
  expect(spent).toBeLessThan(MAX_MS);
});

const STATEMENTS = readFileSync(new URL('../../test/sql/statements.txt', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => line.replace(/^!/, ''));
const PIECES = [
  ...'( ) , . * :: = <> || // -- /* */ \' " ` [ ] ; ? @ ~ -> ${{ }} \\'.split(' '),
  ...'SELECT FROM WHERE GROUP BY ORDER LIMIT UNION JOIN ON USING AS CASE WHEN END NOT IN NULL OVER'
    .split(' ')
    .map((word) => ` ${word} `),
  '__proto__',
  'constructor',
  'toString',
  '\u0000',
  '\ud800',
  '\u202e',
  '9'.repeat(40),
  '1e400',
  "INTERVAL '1 eon'",
  "DATE '2024-13-45'",
];

test('statements with pieces changed give a FloeError or a plan, and nothing else', () => {
  const mutation = fc.record({
    at: fc.nat(300),
    cut: fc.constantFrom(0, 0, 1, 3, 12),
    piece: fc.oneof(fc.constantFrom('', ...PIECES), fc.string({ maxLength: 4 })),
  });
  const mutated = fc
    .tuple(fc.constantFrom(...STATEMENTS), fc.array(mutation, { minLength: 1, maxLength: 4 }))
    .map(([sql, mutations]) =>
      mutations.reduce((text, { at, cut, piece }) => {
        const from = at % (text.length + 1);
        return text.slice(0, from) + piece + text.slice(from + cut);
      }, sql),
    );
  fc.assert(
    fc.property(mutated, (text) => {
      expect(processorMs(() => isAccepted(text))).toBeLessThan(MAX_MS);
    }),
    { numRuns: 4_000 },
  );
});
