/** What an open run asks about tasks that several attempts make together. */
import { parseRanges, type RunDraft } from '@floe/engine';
import { partsMadeBy } from '../runs/partitioned-dataset.ts';
import type { RunPlan } from '../runs/run-plan.ts';
import type { TaskDetail } from '../runs/run-record.ts';
import type { CommitInput } from './commit-input.ts';

type Draft = Pick<RunDraft, 'task'>;

/** Which partition an attempt has made that ends; undefined for all others. */
export function partitionOf(plan: RunPlan, input: CommitInput, draft: Draft): number | undefined {
  if (input.type !== 'finish' || plan.workflow.tasks[input.task]?.partitions === undefined)
    return undefined;
  const live = draft.task(input.task).items?.live ?? [];
  const chunk = live.find(({ epoch }) => epoch === input.epoch);
  return chunk === undefined ? undefined : parseRanges(chunk.items)[0];
}

/** Whoever made a part has it on its own disk, and would rather go on with that one. */
export function withPreference(
  { workflow, taskIndexes }: RunPlan,
  input: CommitInput,
  detailOf: (task: number) => TaskDetail,
): CommitInput {
  if (input.type !== 'claim') return input;
  const of = workflow.tasks[input.task]?.partitions?.of;
  const upstream = of === undefined ? undefined : taskIndexes.get(of);
  if (upstream === undefined) return input;
  const prefers = partsMadeBy(detailOf(upstream).dataset, input.executorId);
  return { ...input, prefers };
}

/** A dataset of parts is there when the last of them is. */
export function isWhole({ workflow }: RunPlan, task: number, draft: Draft): boolean {
  const isShared = workflow.tasks[task]?.partitions !== undefined;
  return !isShared || draft.task(task).status === 'succeeded';
}
