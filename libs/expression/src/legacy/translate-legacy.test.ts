import { FloeError } from '@floe/errors';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkProgram, parseProgram } from '../index.ts';
import { translateLegacyExpression, translateLegacyFilter } from './translate-legacy.ts';

const polars = (text: string): string => translateLegacyExpression({ text, field: 'out' }).polars;

test.each([
  ['salary', 'pl.col("salary")'],
  ['a + b', '(pl.col("a") + pl.col("b"))'],
  ['a - 1', '(pl.col("a") - 1)'],
  ['a - b - c', '((pl.col("a") - pl.col("b")) - pl.col("c"))'],
  ['a + b * 2 / c', '(pl.col("a") + ((pl.col("b") * 2) / pl.col("c")))'],
  ['(a + b) * -c', '((pl.col("a") + pl.col("b")) * (-pl.col("c")))'],
  ['UPPER(name)', 'pl.col("name").str.to_uppercase()'],
  ['length(lower(name))', 'pl.col("name").str.to_lowercase().str.len_chars()'],
  ['abs(a - b)', '(pl.col("a") - pl.col("b")).abs()'],
  ['round(price * 1.25, 2)', '(pl.col("price") * 1.25).round(2)'],
  ['round(price)', 'pl.col("price").round(0)'],
  [
    `if(salary >= 100, 'high', "low, or (none)")`,
    'pl.when((pl.col("salary") >= 100)).then(pl.lit("high")).otherwise(pl.lit("low, or (none)"))',
  ],
  [
    `if(a = 1, 'one', if(a <> 2, b + 1, 'it''s two'))`,
    `pl.when((pl.col("a") == 1)).then(pl.lit("one")).otherwise(pl.when((pl.col("a") != 2)).then((pl.col("b") + 1)).otherwise(pl.lit("it's two")))`,
  ],
  ['`unit price` * 2', '(pl.col("unit price") * 2)'],
  ['007 + .5', '(7 + 0.5)'],
  ["'a\" + b'", 'pl.lit("a\\" + b")'],
  [
    'a > 1 AND b < 2 or not c = 3',
    '(((pl.col("a") > 1) & (pl.col("b") < 2)) | (~(pl.col("c") == 3)))',
  ],
  ['a > 1 and (b = 2 or c = 3)', '((pl.col("a") > 1) & ((pl.col("b") == 2) | (pl.col("c") == 3)))'],
  ['a is null', 'pl.col("a").is_null()'],
  ['a is not null', 'pl.col("a").is_not_null()'],
  ["city in ('Oslo', 'Bergen')", 'pl.col("city").is_in(["Oslo", "Bergen"])'],
  ['a not in (1, 2)', '(~pl.col("a").is_in([1, 2]))'],
  ['a between 1 and 5', '((pl.col("a") >= 1) & (pl.col("a") <= 5))'],
  ['`and` = 1', '(pl.col("and") == 1)'],
  [
    `if(a > 1 and b > 1, 'x', 'y')`,
    'pl.when(((pl.col("a") > 1) & (pl.col("b") > 1))).then(pl.lit("x")).otherwise(pl.lit("y"))',
  ],
])('%s is %s', (text, expected) => {
  expect(polars(text)).toBe(expected);
});

test('a text that is the name of a column is that column', () => {
  const { polars: text } = translateLegacyExpression({
    text: ' net - tax ',
    field: 'x',
    columns: ['net - tax'],
  });
  expect(text).toBe('pl.col("net - tax")');
});

test('the tree is that of the same text in Polars', () => {
  const { expression } = translateLegacyExpression({ text: 'a + upper(b)', field: 'x' });
  expect(expression).toMatchObject({ kind: 'call', method: 'add', receiver: { kind: 'columns' } });
});

test('a filter is a comparison', () => {
  const filter = (text: string): string =>
    translateLegacyFilter({ text, field: 'High salary' }).polars;
  expect(filter('salary > 70000')).toBe('(pl.col("salary") > 70000)');
  expect(() => filter('salary')).toThrow('a filter is a comparison');
  const schema = [{ name: 'salary', type: { kind: 'int64' } }] as const;
  const program = parseProgram(`t.filter(${filter('salary > 70000')})`, { inputs: ['t'] });
  expect(checkProgram(program, { inputs: { t: schema } })).toEqual(schema);
});

test.each([
  ['', 1, /empty/],
  ['a +', 4, /ends too early/],
  ['a ++ b', 4, /`\+`/],
  ['a b', 3, /`b`/],
  ['a and b > 2', 3, /`and` needs a comparison/],
  ['not a', 1, /`not` needs a comparison/],
  ['a in (b)', 7, /`in` needs texts and numbers/],
  ['a is 3', 6, /`null` is expected/],
  ['a between 1', 12, /`and` is expected/],
  ['a > b > c', 7, /one comparison follows another/],
  ['uper(a)', 1, /no function `uper`/],
  ['round(a, b)', 10, /decimals/],
  ['round(a, 1, 2)', 1, /takes 2 values/],
  ['if(a, 1, 2)', 1, /needs a comparison/],
  ['if(a > 1, 2)', 1, /takes 3 values/],
  ["'open", 1, /quote/],
  ['a; drop table', 2, /`;`/],
  ['upper(a', 8, /`\)` is expected/],
  ['__import__("os")', 1, /no function/],
  ['constructor(a)', 1, /no function/],
])('%s is refused at column %i', (text, at, message) => {
  const error = problemOf(text);
  expect(error.code).toBe('EXPRESSION_INVALID');
  expect(error.message).toMatch(message);
  expect(error.message).toContain('column "out"');
  expect(error.message).toContain(text);
  expect(error.violations?.[0]).toMatchObject({ field: 'out', place: { line: 1, column: at } });
});

function problemOf(text: string): FloeError {
  try {
    translateLegacyExpression({ text, field: 'out' });
  } catch (thrown) {
    if (thrown instanceof FloeError) return thrown;
    throw thrown;
  }
  throw new Error(`${text} was taken`);
}

const PIECES = [
  'a',
  'b',
  '1',
  '2.5',
  '+',
  '-',
  '*',
  '/',
  '(',
  ')',
  ',',
  '>',
  '==',
  'if(',
  'upper(',
  'round(',
  "'x'",
  '"',
  ' ',
  ' and ',
  ' not ',
  ' is null',
  ' in (',
  '`',
  '[',
  'é',
  '\u{1F600}',
  '__proto__',
  '\0',
];

test('any text is translated or refused with its place, quickly', () => {
  const text = fc
    .array(fc.constantFrom(...PIECES), { maxLength: 60 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, (source) => {
      try {
        translateLegacyExpression({ text: source, field: 'out' });
      } catch (thrown) {
        if (!(thrown instanceof FloeError) || thrown.code === 'INTERNAL') throw thrown;
        expect(thrown.violations?.[0]?.place).toBeDefined();
      }
    }),
    { numRuns: 2_000 },
  );
  for (const deep of [
    '('.repeat(10_000),
    '-'.repeat(15_000),
    'if(a>1,1,'.repeat(2_000),
    'x'.repeat(50_000),
  ]) {
    const before = performance.now();
    expect(problemOf(`${deep}!`).code).toBe('EXPRESSION_INVALID');
    expect(performance.now() - before).toBeLessThan(2_000);
  }
});
