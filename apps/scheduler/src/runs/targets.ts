import type { RpcClient } from '@floe/rpc';
import type { LoadService } from '@floe/rpc/internal-contracts';
import type { Targets } from '@floe/scheduling';
import { loadToRuleOut } from './load-to-rule-out.ts';

// Longer than metadata waits for a target, so that its word is heard.
const ANSWER_WITHIN_MS = 10_000;

/** The targets as metadata reaches them: a scheduler has no secrets. */
export function targetsThrough(
  client: Pick<RpcClient<typeof LoadService>, 'ruleOutLoad'>,
): Targets {
  return {
    async ruleOut(record, task) {
      const { id: taskId } = record.plan.workflow.tasks[task]!;
      const load = { runId: record.runId, taskId, ...loadToRuleOut(record, task) };
      const answer = await client.ruleOutLoad(load, { deadlineMs: ANSWER_WITHIN_MS });
      const { ruledOut: isVoid, rows, bytes } = answer;
      return { isVoid, rows: Number(rows), bytes: Number(bytes) };
    },
  };
}
