import type { GraphTask, ItemSource, RunGraph, Work } from '@floe/engine';
import type { Foreach, Partitions, Task, TaskDefinition, Workflow } from '@floe/workflow';
import { assert } from '@floe/errors';
import { compilePlan } from './compile-plan.ts';

/** What the engine wants to know of a type of task. */
export type TypeOf = (
  taskType: string,
) => Pick<TaskDefinition, 'lane' | 'commitsOnce'> &
  Partial<Pick<TaskDefinition, 'produces' | 'outside' | 'resultVersion' | 'traits'>>;

/** The graph of a version as the engine wants it: order, policies, and what follows from each task's type. */
export function runGraphOf(workflow: Workflow, typeOf: TypeOf): RunGraph {
  const plan = compilePlan(workflow);
  const indexes = new Map(plan.tasks.map(({ id }, index) => [id, index]));
  const tasks = plan.tasks.map(({ id, upstream, downstream }, index): GraphTask => {
    const task = workflow.tasks[index]!;
    const { commitsOnce = false, traits, ...ofType } = typeOf(task.type);
    const { lane, produces, outside = 'changed' } = { ...ofType, ...traits?.(task.config) };
    const isRepeatable = produces === 'dataset' && outside !== 'changed';
    return {
      id,
      // The rows of a dataset are read in a worker.
      lane: task.foreach?.source.from === 'rows' ? 'slot' : lane,
      commitsOnce,
      upstream,
      downstream,
      trigger: task.trigger,
      ...(task.when !== undefined && { when: task.when.condition }),
      work: toWork(task, indexes, isRepeatable),
      policy: toPolicy(task),
    };
  });
  return { tasks };
}

function toWork(
  { type, config, foreach, partitions }: Task,
  indexes: ReadonlyMap<string, number>,
  isRepeatable: boolean,
): Work {
  if (partitions !== undefined) return toPartitions(partitions, indexes);
  if (foreach !== undefined) {
    const { chunk, parallel } = foreach;
    const source = toItemSource(foreach.source, indexes);
    return { kind: 'items', source, parallel, ...(chunk !== undefined && { chunk }) };
  }
  if (type === 'approval') return { kind: 'approval', onTimeout: toOnTimeout(config) };
  if (type === 'workflow') {
    return { kind: 'workflow', onClose: config['on_close'] === 'abandon' ? 'abandon' : 'cancel' };
  }
  return { kind: 'attempts', ...(isRepeatable && { isRepeatable }) };
}

/** All at once, beside the lead that holds the snapshot which those that share a source read. */
function toPartitions({ count, of }: Partitions, indexes: ReadonlyMap<string, number>): Work {
  const followed = of === undefined ? undefined : indexes.get(of);
  const isLed = followed === undefined;
  const source = { from: 'partitions', count, isLed, ...(!isLed && { of: followed }) } as const;
  return { kind: 'items', source, chunk: 1, parallel: isLed ? count + 1 : count };
}

function toItemSource(source: Foreach['source'], indexes: ReadonlyMap<string, number>): ItemSource {
  if (source.from === 'list') return { from: 'list', count: source.values.length };
  if (source.from === 'parameter') return source;
  const task = indexes.get(source.task);
  assert(task !== undefined, `the rows of ${source.task} are those of a task of the workflow`);
  return { from: 'rows', task };
}

function toOnTimeout(config: Task['config']): 'fail' | 'skip' | 'approve' {
  const onTimeout = config['on_timeout'];
  return onTimeout === 'skip' || onTimeout === 'approve' ? onTimeout : 'fail';
}

function toPolicy(task: Task): GraphTask['policy'] {
  return {
    retriesMax: task.retries.max,
    retryDelayMs: task.retries.delayMs,
    retryBackoff: task.retries.backoff,
    retryDelayMsMax: task.retries.maxDelayMs,
    retryJitter: task.retries.jitter,
    retryOn: task.retries.on ?? [],
    timeoutMs: task.timeoutMs,
    queueTimeoutMs: task.queueTimeoutMs,
    ...(task.startTimeoutMs !== undefined && { startTimeoutMs: task.startTimeoutMs }),
    ...(task.totalTimeoutMs !== undefined && { totalTimeoutMs: task.totalTimeoutMs }),
  };
}
