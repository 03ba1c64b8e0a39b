import type { RunRecord } from '@floe/scheduling';
import { documentsOf } from '../scenario/documents.ts';
import { contentOf, NO_DATASET, textOf, type DatasetReference } from '../target/datasets.ts';
import type { Fail, MakeChecker } from './checker.ts';

/** What a task is said to have made is what it makes of the inputs that its run has, whoever made it, and not too old. */
export const knownResults: MakeChecker = (evidence) => {
  const { scenario, datasets, worldNow, hasClockJumped } = evidence;
  const documents = documentsOf(scenario);

  function checkContent(record: RunRecord, task: number, fail: Fail): void {
    const { config, inputs } = documents.task(record.workflowName, task);
    const text = textOf(config);
    const made = datasetOf(record, task);
    if (text === undefined || made === undefined) return;
    // What is made anew is absent until it is there; who had read it before goes on.
    if (inputs.some((name) => isRemade(record, record.plan.taskIndexes.get(name)!))) return;
    const read = inputs.map((name) => datasetOf(record, record.plan.taskIndexes.get(name)!)?.hash);
    const expected = contentOf(
      text,
      read.map((hash) => hash ?? NO_DATASET),
    );
    if (made.hash !== expected)
      fail(`${record.runId}/${task} shows ${made.hash}, and its work makes ${expected}`);
  }

  function checkReuse({ record, task, at }: Reused, fail: Fail): void {
    const { cache } = documents.task(record.workflowName, task);
    const { isReused, generation = 1 } = record.state.tasks[task]!;
    if (isReused !== true || record.details[task]!.knownFrom === undefined) return;
    const where = `${record.runId}/${task}`;
    if (cache === undefined) fail(`${where} took a known result, and its document asks for none`);
    if (generation > 1) fail(`${where} was to be made again, and took what was known`);
    const ageMs = at - (datasets.madeAt(datasetOf(record, task)?.uri ?? '') ?? at);
    if (ageMs > (cache?.ttlMs ?? Infinity) && !hasClockJumped())
      fail(`${where} took a result that was ${ageMs} ms old, and ${cache?.ttlMs} were allowed`);
  }

  return {
    name: 'known-results',
    promise:
      'a known result stands for equal work on equal inputs, and is made again when it is gone',
    onCommit({ before, batch, lockedAt }, fail) {
      for (const { record, tasks } of batch.runs) {
        const was = before.get(record.runId);
        for (const task of tasks) {
          const isNew = was?.state.tasks[task]?.status !== 'succeeded';
          if (!isNew || record.state.tasks[task]!.status !== 'succeeded') continue;
          checkContent(record, task, fail);
          // It was looked for after that, and before now.
          checkReuse({ record, task, at: lockedAt ?? worldNow() }, fail);
        }
      }
    },
  };
};

type Reused = { readonly record: RunRecord; readonly task: number; readonly at: number };

function isRemade({ state }: RunRecord, task: number): boolean {
  return (state.tasks[task]!.generation ?? 1) > 1;
}

function datasetOf(record: RunRecord, task: number): DatasetReference | undefined {
  return record.details[task]!.dataset as DatasetReference | undefined;
}
