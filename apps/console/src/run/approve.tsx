import { useState } from 'react';
import type { Approval, Run, TaskRun } from '@floe/client';
import { floe } from '../api.ts';
import { Icon } from '../components/icon.tsx';
import { ProblemBanner } from '../components/problem-banner.tsx';
import { useAnswer } from '../use-answer.ts';
import { fieldsOf, readForm } from '../workflow/parameter-fields.ts';
import { ParameterInput } from '../workflow/parameter-input.tsx';
import { taskConfig } from '../workflow/task-config.ts';

export type ApproveProps = { readonly run: Run; readonly task: TaskRun };

type Texts = Readonly<Record<string, string>>;

/** What a person is asked, and the answer: yes with what is to be filled in, or no. */
export function Approve({ run, task: { runId, taskId } }: ApproveProps) {
  const [values, setValues] = useState<Texts>({});
  const [problems, setProblems] = useState<Texts>({});
  const [comment, setComment] = useState('');
  const [error, setError] = useState<unknown>(undefined);
  const { message, form } = useQuestion(run, taskId);
  const send = (answer: Approval) =>
    void floe.approveTask(runId, taskId, { comment, ...answer }).catch(setError);
  const approve = () => {
    const read = readForm(form, values);
    setProblems(read.kind === 'wrong' ? read.problems : {});
    if (read.kind === 'read') send({ approved: true, form: read.parameters });
  };
  return (
    <form className="form approve" onSubmit={(event) => event.preventDefault()} noValidate>
      {message !== '' && <p className="approve-message">{message}</p>}
      {form.map((field) => (
        <ParameterInput
          key={field.name}
          field={field}
          value={values[field.name] ?? ''}
          problem={problems[field.name]}
          onChange={(value) => setValues((before) => ({ ...before, [field.name]: value }))}
        />
      ))}
      <label className="field">
        Comment
        <input value={comment} onChange={(event) => setComment(event.target.value)} />
      </label>
      <div className="page-tools">
        <button type="button" className="button primary" onClick={approve}>
          <Icon name="check" />
          Approve
        </button>
        <button type="button" className="button danger" onClick={() => send({ approved: false })}>
          Reject
        </button>
      </div>
      {error !== undefined && <ProblemBanner title="It was not answered." error={error} />}
    </form>
  );
}

/** The message and the fields, as the document has them. */
function useQuestion({ workflowName: name, workflowVersion: version }: Run, taskId: string) {
  const { value } = useAnswer({
    key: `document ${name} ${version}`,
    call: async () => (await floe.getWorkflow(name, { version })).version?.document ?? {},
  });
  const { message, form } = taskConfig(value, taskId);
  return { message: typeof message === 'string' ? message : '', form: fieldsOf(form) };
}
