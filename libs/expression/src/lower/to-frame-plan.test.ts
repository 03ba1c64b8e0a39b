import { FloeError } from '@floe/errors';
import { expect, test } from 'vitest';
import { parseProgram } from '../parse-program.ts';
import type { ParameterValue } from '../parameter-value.ts';
import { toFramePlan } from './to-frame-plan.ts';

const parse = (text: string) => parseProgram(text, { inputs: ['t', 'u'] });
const plan = (text: string, parameters: Readonly<Record<string, ParameterValue>> = {}) =>
  toFramePlan(parse(text), parameters);

function predicateOf(parameter: ParameterValue): string {
  const { nodes } = plan('t.filter(pl.col("a") == ${{ params.p }})', { p: parameter });
  const [, filter] = nodes;
  return filter?.op === 'filter' ? filter.predicate : '';
}

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (thrown) {
    return thrown instanceof FloeError ? thrown.code : undefined;
  }
  return undefined;
}

test('a frame that is used twice is one node, one that is not used is none', () => {
  const text = 'a = t.head(1)\nunused = u.tail(1)\na.join(a.select("k"), on="k")';
  expect(plan(text).nodes.map(({ op }) => op)).toEqual(['input', 'slice', 'select', 'join']);
});

test('integers keep all their digits', () => {
  const { nodes } = plan('t.filter(pl.col("a") == 9223372036854775807)');
  expect(JSON.stringify(nodes)).toContain('9223372036854775807');
});

test.each<[ParameterValue, string]>([
  [{ kind: 'string', value: 'a"); drop' }, '{"Scalar":{"String":"a\\"); drop"}}'],
  [{ kind: 'integer', value: '9007199254740993' }, '{"Dyn":{"Int":9007199254740993}}'],
  [{ kind: 'float', value: '1.5' }, '{"Dyn":{"Float":1.5}}'],
  [{ kind: 'boolean', value: 'true' }, '{"Scalar":{"Boolean":true}}'],
  [{ kind: 'date', value: '2020-01-02' }, '{"Scalar":{"Date":18263}}'],
  [
    { kind: 'datetime', value: '2020-01-02T03:04:05.000007' },
    '{"Scalar":{"Datetime":[1577934245000007,"Microseconds",null]}}',
  ],
  [
    { kind: 'datetime', value: '2020-01-02T05:04:05+02:00' },
    '{"Scalar":{"Datetime":[1577934245000000,"Microseconds",{"inner":"UTC"}]}}',
  ],
  [{ kind: 'null' }, '{"Scalar":{"Null":"Null"}}'],
])('a parameter %o is bound as a literal of its type', (parameter, literal) => {
  expect(predicateOf(parameter)).toContain(`{"Literal":${literal}}`);
});

test.each<ParameterValue>([
  { kind: 'integer', value: '1.5' },
  { kind: 'integer', value: '18446744073709551616' },
  { kind: 'float', value: 'many' },
  { kind: 'date', value: '2024-02-30' },
  { kind: 'datetime', value: '2024-01-01' },
  { kind: 'boolean', value: 'yes' },
])('a parameter %o of wrong text is refused', (parameter) => {
  expect(codeOf(() => predicateOf(parameter))).toBe('PARAMETER_INVALID');
});

test('a parameter without a value, or of a kind that its place cannot take, is refused', () => {
  expect(codeOf(() => plan('t.head(${{ params.n }})'))).toBe('PARAMETER_INVALID');
  const text = { n: { kind: 'string', value: 'x' } } as const;
  expect(codeOf(() => plan('t.head(${{ params.n }})', text))).toBe('PARAMETER_INVALID');
});

test('parameters also stand for options', () => {
  const parameters = {
    n: { kind: 'integer', value: '3' },
    desc: { kind: 'boolean', value: 'true' },
  } as const;
  const { nodes } = plan(
    't.sort("a", descending=${{ params.desc }}).head(${{ params.n }})',
    parameters,
  );
  expect(nodes.slice(1)).toMatchObject([
    { op: 'sort', descending: [true] },
    { op: 'slice', length: 3 },
  ]);
});

test('a long chain of conditions stays within the depth that Polars reads', () => {
  const conditions = Array.from({ length: 200 }, (_, index) => `(pl.col("a") == ${index})`);
  expect(plan(`t.filter(${conditions.join(' | ')})`).nodes).toHaveLength(2);
});
