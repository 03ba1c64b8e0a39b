/**
 * Runs that stand for a task of another run.
 *
 *   K1. A child is found by its request id, which names the task and the epoch: started twice it is one run.
 *   K2. A child that cannot be started ends its task with the reason, as if it had run and failed.
 *   K3. A task that no longer waits when its child has been stored has the child cancelled: whoever gave the task up may
 *       have looked for the child before it was there. Not where the document leaves children alone.
 *   K4. A task that waits in a run that is being cancelled gets no child any more, and is told so: nobody else would.
 */
import { toFloeError, type FloeError } from '@floe/errors';
import type { RunCommitter } from '../commit/run-committer.ts';
import type { NewRun } from '../commit/rows.ts';
import type { Relays } from '../ports.ts';
import type { Parent, RunRecord } from './run-record.ts';

// The request ids of runs that a task of another run starts: nobody else may choose one of these.
export const CHILD_REQUEST_PREFIX = 'child/';

export type ChildPorts = {
  readonly committer: Pick<RunCommitter, 'create' | 'submit'>;
  /** A run as it is stored; undefined when there is none. */
  readonly loadRun: (runId: string) => Promise<RunRecord | undefined>;
  readonly findRunByRequestId: (requestId: string) => Promise<string | undefined>;
  /** The run that a task of this run asks for. Rejects with what makes it impossible. */
  readonly childOf: (record: RunRecord, parent: Parent) => Promise<RunRecord>;
};

export function childRelays(ports: ChildPorts): Relays {
  return {
    startChild: (parent) => startChild(ports, parent),
    cancelChild: (parent, reason) => cancelChild(ports, parent, reason),
  };
}

async function startChild(ports: ChildPorts, parent: Parent): Promise<void> {
  const record = await ports.loadRun(parent.runId);
  if (record === undefined || !isOpen(record, parent)) return;
  if (record.state.status === 'cancelling') return endWithout(ports, parent); // K4
  try {
    await ports.committer.create(await newChild(ports, record, parent));
  } catch (error) {
    const failure = toFloeError(error);
    if (failure.isRetryable) throw failure;
    return tellFailure(ports, parent, failure); // K2
  }
  const reason = 'the task that started it no longer waits';
  if (isLeftAlone(record, parent)) return;
  if (!isWaiting(await ports.loadRun(parent.runId), parent)) {
    await cancelChild(ports, parent, reason); // K3
  }
}

async function cancelChild(ports: ChildPorts, parent: Parent, reason: string): Promise<void> {
  const runId = await ports.findRunByRequestId(requestIdOf(parent));
  if (runId !== undefined) await ports.committer.submit(runId, { type: 'cancel', reason });
}

/** One that was stored by an earlier try goes on, and tells its end itself. */
async function endWithout(ports: ChildPorts, parent: Parent): Promise<void> {
  if ((await ports.findRunByRequestId(requestIdOf(parent))) !== undefined) return;
  const { runId, task, epoch } = parent;
  const child = { status: 'cancelled' } as const;
  await ports.committer.submit(runId, { type: 'child_ended', task, epoch, child });
}

function isWaiting(record: RunRecord | undefined, parent: Parent): boolean {
  return isOpen(record, parent) && record?.state.status !== 'cancelling';
}

function isOpen(record: RunRecord | undefined, { task: index, epoch }: Parent): boolean {
  const task = record?.state.tasks[index];
  return task?.status === 'running' && task.epoch === epoch;
}

function isLeftAlone({ plan }: RunRecord, { task }: Parent): boolean {
  const { work } = plan.graph.tasks[task]!;
  return work.kind === 'workflow' && work.onClose === 'abandon';
}

async function newChild(ports: ChildPorts, record: RunRecord, parent: Parent): Promise<NewRun> {
  const child = await ports.childOf(record, parent);
  return { record: { ...child, parent }, requestId: requestIdOf(parent), requestDigest: '' };
}

async function tellFailure(
  { committer }: ChildPorts,
  { runId, task, epoch }: Parent,
  { code, message, details, hint }: FloeError,
): Promise<void> {
  const failure = { code, message, details, ...(hint !== undefined && { hint }) };
  const child = { status: 'failed', failure } as const;
  await committer.submit(runId, { type: 'child_ended', task, epoch, child });
}

function requestIdOf({ runId, task, epoch }: Parent): string {
  return `${CHILD_REQUEST_PREFIX}${runId}/${task}/${epoch}`;
}
