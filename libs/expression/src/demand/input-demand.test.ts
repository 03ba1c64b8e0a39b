import { expect, test } from 'vitest';
import { parseProgram } from '../parse-program.ts';
import { inputDemand } from './input-demand.ts';

const column = (name: string) => ({ name, type: { kind: 'int64' } }) as const;
const inputs = { t: ['a', 'b', 'c'].map(column), u: ['a', 'b', 'k'].map(column) };

const columnsOf = (text: string, of = 't'): string =>
  inputDemand(parseProgram(text, { inputs: ['t', 'u'] }), inputs, of).columns.join();

test('columns without a part in the result are not wanted', () => {
  expect(columnsOf('t.filter(pl.col("a") > 1).select("c")')).toBe('a,c');
});

test('a choice by place wants all columns: without some of them it would be another', () => {
  expect(columnsOf('t.filter(pl.nth(1) > 1).select("c")')).toBe('a,b,c');
  expect(columnsOf('t.select(cs.last())')).toBe('a,b,c');
});

test('a column that gives another one its name in a join is wanted', () => {
  const text = 't.join(u, left_on="a", right_on="k").select(cs.ends_with("_right"))';
  expect(columnsOf(text)).toBe('a,b,c');
});
