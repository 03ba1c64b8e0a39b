import { LOSSES_MAX, RECOMPUTES_MAX } from '@floe/engine';
import type { MakeChecker } from './checker.ts';

/** Attempts are charged when they are claimed, so that work which kills its worker runs out too. */
export const boundedTrying: MakeChecker = () => {
  const claims = new Map<string, number>();
  return {
    name: 'bounded-trying',
    promise:
      'I8: attempts stay within the policy, losses within their bound, and each claim is charged',
    onCommit({ before, batch }, fail) {
      for (const { runId, task } of batch.claims) {
        const key = `${runId}/${task}`;
        claims.set(key, (claims.get(key) ?? 0) + 1);
      }
      for (const { record, tasks } of batch.runs) {
        for (const task of tasks) {
          const { attempts, losses, status, voiding, generation } = record.state.tasks[task]!;
          const was = before.get(record.runId)?.state.tasks[task];
          // What is tried of items, and how often, is a matter of each of them.
          if (record.plan.graph.tasks[task]!.work.kind === 'items') continue;
          const { retriesMax } = record.plan.graph.tasks[task]!.policy;
          const where = `${record.runId}/${task}`;
          if (attempts - losses > retriesMax + 1) fail(`${where} was tried ${attempts} times`);
          if (losses > LOSSES_MAX + 1) fail(`${where} was lost ${losses} times`);
          const isClaimed = batch.claims.some(
            (claim) => claim.runId === record.runId && claim.task === task,
          );
          // To rule out a load is not charged.
          const wasHeld = was?.status === 'running' || voiding !== undefined;
          const charged = was?.generation === generation ? (was?.attempts ?? 0) : 0;
          if ((generation ?? 1) > RECOMPUTES_MAX + 1) fail(`${where} was done again too often`);
          if (status === 'running' && isClaimed && !wasHeld && attempts <= charged)
            fail(`the claim of ${where} was not charged`);
        }
      }
    },
  };
};
