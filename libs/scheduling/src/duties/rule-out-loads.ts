import { toFloeError } from '@floe/errors';
import type { RunCommitter } from '../commit/run-committer.ts';
import { VOID_ASKED_MAX, VOID_UNCLAIMED_MS } from '../limits.ts';
import type { Log, RunStore, Targets, UnclaimedVoid } from '../ports.ts';
import type { PlanOf } from '../runs/run-plan.ts';

export type RuleOutContext = {
  readonly store: RunStore;
  readonly committer: RunCommitter;
  readonly planOf: PlanOf;
  readonly targets: Targets;
  readonly log: Log;
};

/**
 * Has loads ruled out that no executor rules out, because none is left in the pool. What a target says is right whoever
 * else has asked it meanwhile; when an executor has the attempt by then, its word is waited for.
 */
export async function ruleOutLoads(context: RuleOutContext): Promise<void> {
  const unclaimed = await context.store.findUnclaimedVoids(VOID_UNCLAIMED_MS, VOID_ASKED_MAX);
  await Promise.all(unclaimed.map((each) => ruleOut(context, each)));
}

/** One target that does not answer says nothing about the others. */
async function ruleOut(context: RuleOutContext, attempt: UnclaimedVoid): Promise<void> {
  const { committer, targets, log } = context;
  const { runId, task, epoch } = attempt;
  try {
    const record = await load(context, runId);
    const state = record?.state.tasks[task];
    if (record === undefined || state?.voiding === undefined || state.epoch !== epoch) return;
    const ruling = await targets.ruleOut(record, task);
    await committer.submit(runId, { type: 'ruled_out', task, epoch, ...ruling });
    const said = ruling.isVoid ? 'the load is ruled out' : 'the load had taken effect';
    log.warn({ run_id: runId, task_index: task, epoch }, `no executor could be asked: ${said}`);
  } catch (thrown) {
    const err = toFloeError(thrown);
    log.warn({ err, run_id: runId, task_index: task, epoch }, 'a load was not ruled out yet');
  }
}

function load({ store, planOf }: RuleOutContext, runId: string) {
  return store.transaction(async (tx) => {
    const { revisions } = await tx.lock([runId], []);
    return revisions.has(runId) ? tx.loadRun(runId, planOf) : undefined;
  });
}
