import type { ParameterValue } from '@floe/expression';
import { expect, test } from 'vitest';
import type { Task, Workflow } from '@floe/workflow';
import { toRunPlan } from '../runs/run-plan.ts';
import { resultKey } from './result-key.ts';

const DAY: Record<string, ParameterValue> = { day: { kind: 'date', value: '2026-03-01' } };

const read = { id: 'rows', type: 'read', inputs: [], config: { query: 'q ${{ params.day }}' } };
const less = { id: 'less', type: 'change', inputs: ['rows'], config: { text: 't', keep: ['a'] } };

type Change = {
  readonly read?: Partial<Task>;
  readonly less?: Partial<Task>;
  readonly version?: number;
  readonly hash?: string | undefined;
  readonly parameters?: Record<string, ParameterValue>;
  readonly task?: number;
};

function keyOf(change: Change = {}): string | undefined {
  const { parameters = DAY, task = 1, version = 1 } = change;
  const common = { needs: [], trigger: 'all_succeeded', retries: {}, cache: {} };
  const tasks = [
    { ...common, ...read, ...change.read },
    { ...common, ...less, ...change.less },
  ] as unknown as Task[];
  const workflow = { name: 'x', params: {}, tasks } as unknown as Workflow;
  const plan = toRunPlan(workflow, () => ({ lane: 'slot', resultVersion: version }));
  const dataset = { uri: 'file:///a', hash: 'hash' in change ? change.hash : 'h1' };
  const detailOf = () => ({ spanId: '', rows: 1, bytes: 1, peakMemoryBytes: 1, dataset });
  return resultKey({ plan, parameters, task, detailOf });
}

const sameKey = (...changes: Change[]) =>
  expect(changes.map(keyOf)).toEqual(changes.map(() => keyOf({ task: changes[0]!.task ?? 1 })));
const otherKeys = (...changes: Change[]) => {
  const keys = [keyOf({ task: changes[0]!.task ?? 1 }), ...changes.map(keyOf)];
  expect(keys).not.toContain(undefined);
  expect(new Set(keys).size).toBe(keys.length);
};

test('equal work has an equal key, however its fields are ordered and whatever surrounds it', () => {
  sameKey(
    { less: { config: { keep: ['a'], text: 't' } } },
    { less: { timeoutMs: 5, priority: 9, description: 'other', cache: { ttlMs: 1 } } },
    { read: { config: { query: 'another way to the same rows' } } },
    // Its text refers to no parameter.
    { parameters: {} },
  );
});

test('other text, type, contract, key or content is other work', () => {
  otherKeys(
    { less: { config: { text: 'u', keep: ['a'] } } },
    { less: { type: 'reduce' } },
    { less: { contract: [{ name: 'n', type: { kind: 'int64' } }] } },
    { less: { cache: { key: 'v2' } } },
    { hash: 'h2' },
    { version: 2 },
  );
});

test('a parameter counts where the text refers to it, with its type', () => {
  const other: ParameterValue = { kind: 'date', value: '2026-03-02' };
  const text: ParameterValue = { kind: 'string', value: '2026-03-01' };
  otherKeys(
    { task: 0, parameters: { day: other } },
    { task: 0, parameters: { day: text } },
    { task: 0, parameters: {} },
  );
  sameKey({ task: 0, parameters: { ...DAY, unused: other } });
  const keyed = { cache: { key: '${{ params.day }}' } };
  expect(keyOf({ less: keyed })).not.toBe(keyOf({ less: keyed, parameters: { day: other } }));
});

test('there is no key where the content of an input is not known, or nothing is kept', () => {
  expect(keyOf({ hash: undefined })).toBeUndefined();
  const plain = { cache: undefined } as unknown as Partial<Task>;
  expect(keyOf({ less: plain })).toBeUndefined();
});
