import { readFileSync, readdirSync } from 'node:fs';
import type { Schema } from '@floe/expression';
import { checkTypes } from '@floe/plan';
import { parseWorkflow } from '@floe/workflow';
import { expect, test } from 'vitest';
import { TASK_TYPES } from './registry.ts';

const EXAMPLES = new URL('../../../examples/', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, EXAMPLES), 'utf8');
const documents = readdirSync(EXAMPLES).filter((name) => name.endsWith('.yaml'));

const FLIGHTS: Schema = [
  { name: 'date', type: { kind: 'datetime', unit: 'us', timezone: null } },
  { name: 'delay', type: { kind: 'int32' } },
  { name: 'distance', type: { kind: 'int32' } },
  { name: 'origin', type: { kind: 'string' } },
  { name: 'destination', type: { kind: 'string' } },
];
const AIRPORTS: Schema = ['iata', 'name', 'city', 'state'].map((name) => ({
  name,
  type: { kind: 'string' },
}));

function checkLateFlights(text: string) {
  const { workflow, source } = parseWorkflow(text, { taskTypes: TASK_TYPES });
  const described = new Map([
    ['flights', FLIGHTS],
    ['airports', AIRPORTS],
  ]);
  return checkTypes(workflow, { taskTypes: TASK_TYPES, described, source });
}

test.each(documents)('the example %s is valid as far as no database is asked', (name) => {
  const { workflow, source } = parseWorkflow(read(name), { taskTypes: TASK_TYPES });
  const described = new Map<string, Schema>();
  expect(checkTypes(workflow, { taskTypes: TASK_TYPES, described, source }).violations).toEqual([]);
});

test('the columns of the demo are known before it runs', () => {
  const { schemas, violations } = checkLateFlights(read('late-flights.yaml'));
  expect(violations).toEqual([]);
  const ranking = schemas.get('ranking')!.map(({ name, type }) => `${name} ${type.kind}`);
  expect(ranking).toEqual([
    'origin string',
    'name string',
    'city string',
    'state string',
    'late_flights uint32',
    'mean_delay float64',
    'worst_delay int32',
  ]);
  expect([...schemas.keys()]).not.toContain('store_ranking');
});

test('a misspelt column is found at its place in the document, with the nearest name', () => {
  const text = read('late-flights.yaml').replace('pl.col("delay").max()', 'pl.col("dealy").max()');
  const [violation, ...rest] = checkLateFlights(text).violations;
  expect(rest).toEqual([]);
  expect(violation?.field).toBe('tasks.ranking.polars');
  expect(violation?.hint).toContain('delay');
  const { line, column, length } = violation!.place!;
  expect(text.split('\n')[line - 1]!.slice(column - 1, column - 1 + length)).toContain('dealy');
});

test('an unknown method is found although no column is known', () => {
  const text = read('daily-revenue.yaml').replace('.group_by(', '.groupby(');
  const { workflow, source } = parseWorkflow(text, { taskTypes: TASK_TYPES });
  const described = new Map<string, Schema>();
  const { violations } = checkTypes(workflow, { taskTypes: TASK_TYPES, described, source });
  expect(violations[0]?.field).toBe('tasks.daily.polars');
  expect(violations[0]?.hint).toContain('group_by');
});

test.each([
  ['an upsert without a key', '    key: [day]\n', '', 'an upsert needs the columns'],
  ['a table with a strange name', 'public.daily_revenue', 'a.b.c', 'a table is written like'],
])('%s is refused', (_, written, wrong, message) => {
  const text = read('daily-revenue.yaml').replace(written, wrong);
  expect(() => parseWorkflow(text, { taskTypes: TASK_TYPES })).toThrow(message);
});

test('the pause of a sleep is stored in milliseconds', () => {
  const { workflow } = parseWorkflow(read('hello.yaml'), { taskTypes: TASK_TYPES });
  expect(workflow.tasks[1]?.config).toEqual({ duration_ms: 500 });
});

test('every field of every task type is described for editors', () => {
  for (const definition of TASK_TYPES.values()) {
    for (const field of Object.values(definition.config.shape)) {
      expect((field as { description?: string }).description).toBeTruthy();
    }
  }
});
