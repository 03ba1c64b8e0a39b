import { FloeError } from '@floe/errors';
import { expect, test } from 'vitest';
import { parseProgram } from '../parse-program.ts';

function hintFor(body: string): string | undefined {
  try {
    parseProgram(`t.select(pl.col("a").map_elements(lambda x: ${body}))`, { inputs: ['t'] });
  } catch (thrown) {
    if (!(thrown instanceof FloeError)) throw thrown;
    return thrown.violations.find(({ message }) => message.includes('lambda'))?.hint;
  }
  return undefined;
}

test.each([
  ['x * 2 + 1', 'pl.col("a") * 2 + 1'],
  ['x.upper()', 'pl.col("a").str.to_uppercase()'],
  ['x.strip().lower()', 'pl.col("a").str.strip_chars().str.to_lowercase()'],
  ['len(x)', 'pl.col("a").str.len_chars()'],
  ['round(abs(x), 2)', 'pl.col("a").abs().round(2)'],
  ['str(x)', 'pl.col("a").cast(pl.String)'],
  ['x[0:3]', 'pl.col("a").str.slice(0, 3)'],
  ['x["k"]', 'pl.col("a").struct.field("k")'],
  ['x.year', 'pl.col("a").dt.year()'],
  ['not x', '~(pl.col("a"))'],
  ['x > 1 and x < 5', '(pl.col("a") > 1) & (pl.col("a") < 5)'],
  [
    '"big" if x > 3 else "small"',
    'pl.when(pl.col("a") > 3).then(pl.lit("big")).otherwise(pl.lit("small"))',
  ],
])('a lambda with the body %s is refused with what replaces it', (body, replacement) => {
  expect(hintFor(body)).toBe(`write ${replacement}`);
  // What is told to people works.
  expect(() => parseProgram(`t.select(${replacement})`, { inputs: ['t'] })).not.toThrow();
});

test.each(['d.get(x)', 'y + x', 'x.encode()', 'f(x)', '[x]', 'constructor(x)', 'x.constructor()'])(
  'a lambda with the body %s has no simple replacement',
  (body) => {
    expect(hintFor(body)).toBe('use Polars expressions');
  },
);
