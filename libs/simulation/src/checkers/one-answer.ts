import type { RunRecord } from '@floe/scheduling';
import { documentsOf } from '../scenario/documents.ts';
import type { Fail, MakeChecker } from './checker.ts';

/** An approval ends by one answer, by what that says, or at its deadline as its document says. */
export const oneAnswer: MakeChecker = ({ scenario, tables, clients }) => {
  const documents = documentsOf(scenario);

  function checkEnd(record: RunRecord, task: number, was: RunRecord, fail: Fail): void {
    const { status, endedAt = 0 } = record.state.tasks[task]!;
    const { deadlineAt, status: before } = was.state.tasks[task]!;
    const { answer } = record.details[task]!;
    const where = `approval ${record.runId}/${task}`;
    if (was.details[task]!.answer !== undefined && was.details[task]!.answer !== answer)
      fail(`${where} was answered again by ${answer?.by ?? 'nobody'}`);
    if (before !== 'running' || status === 'running') return;
    const { config } = documents.task(record.workflowName, task);
    const isLate = answer === undefined && deadlineAt !== undefined && endedAt >= deadlineAt;
    const isApproved = answer?.approved === true || (isLate && config['on_timeout'] === 'approve');
    if ((status === 'succeeded') !== isApproved && status !== 'cancelled' && status !== 'timed_out')
      fail(`${where} ${status}, and ${describe(answer)}`);
    if (status === 'failed' && answer?.approved !== false)
      fail(`${where} failed, and ${describe(answer)}`);
  }

  return {
    name: 'one-answer',
    promise: 'the first answer to an approval counts, as it was given, and no other',
    onCommit({ before, batch }, fail) {
      for (const { record, tasks } of batch.runs) {
        const was = before.get(record.runId);
        if (was === undefined) continue;
        for (const task of tasks)
          if (documents.task(record.workflowName, task).type === 'approval')
            checkEnd(record, task, was, fail);
      }
    },
    atEnd(fail) {
      for (const { answers, acceptedAnswers } of clients) {
        for (const { taskId, by, approved } of acceptedAnswers) {
          const [runId = ''] = answers;
          const record = tables.runs.get(runId);
          const task = record?.plan.taskIndexes.get(taskId) ?? -1;
          const answer = record?.details[task]?.answer;
          if (answer?.by !== by || answer.approved !== approved)
            fail(`${by} was told that ${describe({ approved })} for ${taskId} of ${runId} counts`);
        }
      }
    },
  };
};

function describe(answer: { readonly approved: boolean } | undefined): string {
  if (answer === undefined) return 'nobody answered';
  return answer.approved ? 'yes' : 'no';
}
