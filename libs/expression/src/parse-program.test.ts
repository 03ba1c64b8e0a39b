import { FloeError, type Violation } from '@floe/errors';
import { expect, test } from 'vitest';
import { MAX_VIOLATIONS } from './limits.ts';
import { parseProgram } from './parse-program.ts';

const inputs = ['flights', 'airports'];
const parse = (text: string) => parseProgram(text, { inputs });

function violationsOf(text: string): readonly Violation[] {
  try {
    parse(text);
  } catch (thrown) {
    if (thrown instanceof FloeError && thrown.code === 'EXPRESSION_INVALID')
      return thrown.violations;
    throw thrown;
  }
  return [];
}

const REFUSED: readonly (readonly [text: string, message: RegExp, hint: RegExp])[] = [
  ['flights.filter(pl.col("a") and pl.col("b"))', /`and`/, /`&`/],
  ['flights.filter(pl.col("a") or pl.col("b"))', /`or`/, /`\|`/],
  ['flights.filter(not pl.col("a"))', /`not`/, /`~`/],
  ['flights.filter(1 < pl.col("a") < 3)', /chained/, /is_between/],
  ['flights.filter(pl.col("a") > 1 & pl.col("b") < 2)', /chained/, /bind tighter/],
  ['flights.filter(pl.col("a") in [1])', /`in`/, /is_in/],
  ['flights.filter(pl.col("a") is None)', /`is`/, /is_null/],
  ['flights.select(pl.col("a").map_elements(lambda x: x))', /map_elements/, /no Python runs/],
  ['flights.select([pl.col(c) for c in x])', /comprehensions/, /name the columns/],
  ['flights.select(f"{x}")', /f-strings/, /pl.format/],
  ['flights.select((x := 1))', /:=/, /line of its own/],
  ['flights["a"]', /subscripts/, /pl.col/],
  ['import os\nflights', /imports/, /remove/],
  ['if x:\n  flights', /`if`/, /pl.when/],
  ['for x in y:\n  flights', /`for`/, /whole columns/],
  ['def f():\n  return flights', /`def`/, /written|write/],
  ['flights.__class__', /__class__/, /underscores/],
  ['flights.select(pl.col("a") if x else 1)', /if b else/, /pl.when/],
  ['flights.select(*x)', /`\*`/, /write out/],
  ['flights.select(pl.col("a").hist())', /hist.*not supported/, /in SQL/],
  ['flights.grop_by("a")', /grop_by/, /did you mean .group_by/],
  ['flights.group_by("a")', /needs `.agg`/, /agg/],
  ['flihgts.head()', /not a frame/, /did you mean flights/],
  ['flights.select(pl.cool("a"))', /pl.cool/, /did you mean pl.col/],
  ['flights.head(k=1)', /no argument `k`/, /n/],
  ['flights.sort("a", descnding=True)', /descnding/, /did you mean `descending`/],
  ['flights.join(airports, on="a", how="lef")', /"lef"/, /did you mean "left"/],
  ['flights.select(pl.col("a").cast(pl.Int46))', /Int46/, /did you mean pl.Int/],
  ['flights.filter(pl.col("a") == date(2024, 2, 30))', /not a valid date/, /day that exists/],
  ['flights.select(pl.when(pl.col("a") > 1))', /pl.when/, /then/],
  ['flights.select(flights)', /is a frame/, /pl.col/],
  ['pl.read_csv("x")', /read_csv/, /inputs/],
  ['pl = flights', /name of Polars/, /another name/],
];

test.each(REFUSED)('refuses %s and says what to do', (text, message, hint) => {
  const violations = violationsOf(text);
  expect(violations.map((each) => each.message).join()).toMatch(message);
  expect(violations.map((each) => each.hint ?? '').join()).toMatch(hint);
  expect(violations.every((each) => each.place !== undefined)).toBe(true);
});

test('counts lines and columns from one and marks the name that is wrong', () => {
  const text = 'late = flights.filter(pl.col("a") > 1)\nlate.selct("a")';
  const [violation] = violationsOf(text);
  expect(violation?.place).toEqual({ line: 2, column: 6, length: 5 });
});

test('reports several problems at once, in order, with a bound', () => {
  const text = Array.from({ length: 50 }, (_, index) => `x${index} = flights.nope${index}()`).join(
    '\n',
  );
  const violations = violationsOf(`${text}\nflights`);
  expect(violations).toHaveLength(MAX_VIOLATIONS);
  expect(violations.map((each) => each.place?.line)).toEqual(
    Array.from({ length: MAX_VIOLATIONS }, (_, index) => index + 1),
  );
});

test('keeps places after a parameter', () => {
  const [violation] = violationsOf('flights.filter(pl.col("a") > ${{ params.minutes }}).nope()');
  expect(violation?.place?.column).toBe(53);
});

test('takes a parameter as a value, and not inside of text', () => {
  const program = parse(
    'flights.filter(pl.col("a") > ${{ params.minutes }}) # ${{ params.other }}',
  );
  expect(program.parameters).toEqual(['minutes']);
  expect(violationsOf('flights.filter(pl.col("a") == "${{ params.x }}")')[0]?.message).toMatch(
    /inside a string/,
  );
  expect(violationsOf('flights.filter(pl.col("a") == ${{ env.x }})')[0]?.message).toMatch(
    /something other than a parameter/,
  );
  expect(violationsOf('flights.filter(pl.col("a") == ${{ params.x)')[0]?.message).toMatch(
    /not closed/,
  );
});

test('keeps the tree in JSON without a loss', () => {
  const program = parse('flights.filter(pl.col("a") > 9007199254740993).select(b=pl.lit(1.5))');
  expect(JSON.parse(JSON.stringify(program))).toEqual(program);
  expect(JSON.stringify(program)).toContain('9007199254740993');
});

test('refuses numbers that do not fit', () => {
  expect(violationsOf('flights.head(99999999999999999999999)')[0]?.message).toMatch(/64 bits/);
  expect(violationsOf('flights.filter(pl.col("a") > 1e999)')[0]?.message).toMatch(/too large/);
});
