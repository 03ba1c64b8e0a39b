import { expect, test } from 'vitest';
import type { ParameterValue } from '@floe/expression';
import { evaluateCondition, parseCondition, type ConditionFacts } from '../src/index.ts';
import { SCOPE } from './scope.ts';

const parameters: Record<string, ParameterValue> = {
  mode: { kind: 'string', value: 'full' },
  limit: { kind: 'integer', value: '9007199254740993' },
  ratio: { kind: 'float', value: '0.5' },
  dry: { kind: 'boolean', value: 'false' },
  since: { kind: 'date', value: '2026-03-01' },
  at: { kind: 'datetime', value: '2026-03-01T12:00:00.000001Z' },
  left_out: { kind: 'null' },
};

const facts: ConditionFacts = {
  parameters,
  task: (id) =>
    id === 'flights' ? { state: 'succeeded', rows: 12 } : { state: 'skipped', rows: undefined },
};

function holds(text: string): boolean {
  const parsed = parseCondition(text, SCOPE);
  if (parsed.kind === 'problem') throw new Error(parsed.problem.message);
  // What is stored is JSON.
  return evaluateCondition(JSON.parse(JSON.stringify(parsed.condition)), facts);
}

test.each([
  ["params.mode == 'full'", true],
  ['params.mode != "full"', false],
  ["params.mode in ['quick', 'full']", true],
  ["params.mode not in ['quick', 'full']", false],
  ['params.limit == 9007199254740993', true],
  ['params.limit == 9007199254740992', false],
  ['params.ratio < 1', true],
  ['params.limit > params.ratio', true],
  ['params.dry', false],
  ['not params.dry', true],
  ['params.dry == false', true],
  ["params.since >= '2026-02-28'", true],
  ["'2026-02-28' > params.since", false],
  ["params.at > '2026-03-01T12:00:00Z'", true],
  ["params.at < '2026-03-01T13:00:00+01:00'", false],
  ['tasks.flights.rows > 0', true],
  ["tasks.flights.state == 'succeeded'", true],
  ["tasks.check.state in ['failed', 'skipped']", true],
  ['true or false and false', true],
  ['(true or false) and false', false],
  ['not (params.dry or tasks.flights.rows < 12)', true],
])('evaluates %s to %s', (text, expected) => {
  expect(holds(text)).toBe(expected);
});

test.each([
  ['params.left_out == null', true],
  ['params.left_out != null', false],
  ["params.left_out == 'full'", false],
  ['tasks.check.rows == null', true],
  ['tasks.check.rows > 0', false],
  ['tasks.check.rows <= 0', false],
])('takes what is missing as null: %s is %s', (text, expected) => {
  expect(holds(text)).toBe(expected);
});
