import { parseCondition } from '@floe/condition';
import { expect, test } from 'vitest';
import type { GraphTask, Trigger } from '../src/index.ts';
import { RunDriver, aGraph } from './run-driver.ts';

// A task after three others: `s` succeeded, `f` failed, `k` skipped, `-` still open.
const VERDICTS: readonly [Trigger, string, string][] = [
  ['all_succeeded', 'sss', 'ready'],
  ['all_succeeded', 'ss-', 'pending'],
  ['all_succeeded', 'f--', 'upstream_failed'],
  ['all_succeeded', 'k--', 'pending'],
  ['all_succeeded', 'kss', 'skipped'],
  ['all_succeeded', 'kfs', 'upstream_failed'],
  ['all_done', 'sf-', 'pending'],
  ['all_done', 'sfk', 'ready'],
  ['all_done', 'fff', 'ready'],
  ['one_failed', 's--', 'pending'],
  ['one_failed', 'f--', 'ready'],
  ['one_failed', 'ssk', 'skipped'],
  ['one_succeeded', 's--', 'ready'],
  ['one_succeeded', 'fk-', 'pending'],
  ['one_succeeded', 'ffk', 'upstream_failed'],
  ['one_succeeded', 'kkk', 'skipped'],
  ['none_failed', 'sk-', 'pending'],
  ['none_failed', 'skk', 'ready'],
  ['none_failed', 'kkk', 'ready'],
  ['none_failed', 'f--', 'upstream_failed'],
];

test.each(VERDICTS)('%s after %s makes the task %s (G1)', (trigger, ends, expected) => {
  const edges = { go: [], no: [], a: ['go'], b: ['go'], c: ['go'], last: ['a', 'b', 'c'] };
  const never = { when: holds('false') };
  const skipped = ['a', 'b', 'c'].filter((_, index) => ends[index] === 'k');
  const tasks: Record<string, Partial<GraphTask>> = Object.fromEntries(
    skipped.map((id) => [id, never]),
  );
  const run = new RunDriver(aGraph(edges, {}, { ...tasks, last: { trigger } })).start().do('go');
  ['a', 'b', 'c'].forEach((id, index) => {
    if (ends[index] === 's') run.do(id);
    if (ends[index] === 'f') run.do(id, 'failed');
  });
  expect(run.task('last').status).toBe(expected);
});

test('passes a skip on, all the way down, and still succeeds (G2, E2)', () => {
  const graph = aGraph({ a: [], b: ['a'], c: ['b'] }, {}, { a: { when: holds('false') } });
  const run = new RunDriver(graph).start();
  expect(run.statuses()).toBe('a:skipped b:skipped c:skipped');
  expect(run.state.status).toBe('succeeded');
});

test('asks the condition when the trigger lets the task begin, and not before (G2)', () => {
  const when = holds("tasks.a.rows > 10 and params.mode == 'full'");
  const edges = { a: [], many: ['a'], few: ['a'] };
  const few = holds('tasks.a.rows <= 10');
  const graph = aGraph(edges, {}, { many: { when }, few: { when: few } });
  const mode = { kind: 'string' as const, value: 'full' };
  const run = new RunDriver(graph, { mode }).start().claim('a');
  run.finish('a', { kind: 'succeeded', rows: 12 });
  expect(run.statuses()).toBe('a:succeeded many:ready few:skipped');
});

test('fails the run although what handles the failure succeeds (E2)', () => {
  const graph = aGraph({ a: [], tell: ['a'] }, {}, { tell: { trigger: 'one_failed' } });
  const run = new RunDriver(graph).start().do('a', 'failed').do('tell');
  expect(run.statuses()).toBe('a:failed tell:succeeded');
  expect(run.state.status).toBe('failed');
});

function holds(text: string) {
  const scope = { parameters: new Map([['mode', 'string' as const]]), tasks: new Set(['a']) };
  const parsed = parseCondition(text, scope);
  if (parsed.kind === 'problem') throw new Error(parsed.problem.message);
  return parsed.condition;
}
