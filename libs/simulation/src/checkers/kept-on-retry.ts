import { parseRanges, type RetryFrom } from '@floe/engine';
import type { RunRecord } from '@floe/scheduling';
import type { DatasetReference } from '../target/datasets.ts';
import type { Fail, MakeChecker } from './checker.ts';

/** Y3, Y4: a run that does another again has what was good in that, does the rest itself, and of items only those asked for. */
export const keptOnRetry: MakeChecker = ({ tables, retriesAsked }) => {
  function checkFirst(record: RunRecord, fail: Fail): void {
    const ended = tables.runs.get(record.retryOf!)!;
    const asked = retriesAsked.get(record.runId)!;
    const kept = keptOf(ended, asked);
    for (const task of record.plan.graph.tasks.keys()) {
      const where = `${record.runId}/${task}`;
      const { status, isReused = false } = record.state.tasks[task]!;
      // A task that begins with its run may find that its result is known.
      const isKnown = record.details[task]!.knownFrom !== undefined && !kept.has(task);
      if (isReused !== kept.has(task) && !isKnown)
        fail(`${where} is ${isReused ? 'kept' : 'done again'}`);
      if (kept.has(task)) {
        const was = ended.state.tasks[task]!.status;
        if (status !== was) fail(`${where} was kept as ${was} and is ${status}`);
        if (hashOf(record, task) !== hashOf(ended, task)) fail(`${where} has another dataset`);
      } else checkItems({ record, ended, asked, kept, task }, fail);
    }
  }

  return {
    name: 'kept-on-retry',
    promise: 'a run that is run again keeps what was good, and does no more again than was asked',
    onCommit({ before, batch }, fail) {
      for (const { record } of batch.runs) {
        if (record.retryOf !== undefined && !before.has(record.runId)) checkFirst(record, fail);
      }
      for (const { runId, task, items = '' } of batch.claims) {
        const { from, items: named } = retriesAsked.get(runId) ?? {};
        if (from !== task || named === undefined) continue;
        const more = parseRanges(items).find((item) => !named.includes(item));
        if (more !== undefined)
          fail(`item ${more} of ${runId}/${task} is tried, not ${named.join()}`);
      }
    },
  };
};

/** Good, and of good inputs. */
function keptOf({ plan, state }: RunRecord, { from }: RetryFrom): ReadonlySet<number> {
  const known = new Map<number, boolean>();
  const isKept = (task: number): boolean => {
    let is = known.get(task);
    if (is !== undefined) return is;
    const { status } = state.tasks[task]!;
    is = task !== from && (status === 'succeeded' || status === 'skipped');
    for (const up of plan.graph.tasks[task]!.upstream) is = isKept(up) && is;
    known.set(task, is);
    return is;
  };
  return new Set([...plan.graph.tasks.keys()].filter(isKept));
}

type Again = {
  readonly record: RunRecord;
  readonly ended: RunRecord;
  readonly asked: RetryFrom;
  readonly kept: ReadonlySet<number>;
  readonly task: number;
};

function checkItems({ record, ended, asked, kept, task }: Again, fail: Fail): void {
  const { work, upstream } = record.plan.graph.tasks[task]!;
  if (work.kind !== 'items' || work.source.from === 'partitions') return;
  const was = ended.state.tasks[task]!.items?.done ?? '';
  const now = record.state.tasks[task]!.items?.done ?? '';
  const named = asked.from === task ? (asked.items ?? null) : undefined;
  const isSame = upstream.every((up) => kept.has(up));
  for (const [item, end] of Array.from(now).entries()) {
    const expected = isSame ? expectedEnd(was[item] ?? '.', named?.includes(item), named) : '.';
    const where = `item ${item} of ${record.runId}/${task}`;
    if (end !== expected) fail(`${where} begins as ${end}, not ${expected}; it was ${was[item]}`);
  }
}

/** `named`: undefined where the task was not named, null where all of it was. */
function expectedEnd(was: string, isNamed: boolean | undefined, named: unknown): string {
  if (named === undefined) return was === 's' ? 's' : '.';
  if (named === null || isNamed === true) return '.';
  return was === 's' ? 's' : 'f';
}

function hashOf(record: RunRecord, task: number): string | undefined {
  return (record.details[task]!.dataset as DatasetReference | undefined)?.hash;
}
