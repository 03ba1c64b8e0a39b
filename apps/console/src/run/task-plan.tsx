import { useState } from 'react';
import type { ExplainedTask, Run } from '@floe/client';
import { floe } from '../api.ts';
import { Answered } from '../components/answered.tsx';
import { useAnswer } from '../use-answer.ts';

type TaskPlanProps = { readonly run: Run; readonly taskId: string };

/** How the task is done: its SQL, what moved into it, what Polars does. Asked for when it is opened. */
export function TaskPlan({ run, taskId }: TaskPlanProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Plan</summary>
      {isOpen && <Plan run={run} taskId={taskId} />}
    </details>
  );
}

async function loadPlan({ workflowName, workflowVersion }: Run): Promise<readonly ExplainedTask[]> {
  const { version } = await floe.getWorkflow(workflowName, { version: workflowVersion });
  return (await floe.explainWorkflow(version?.source ?? '')).tasks;
}

function Plan({ run, taskId }: TaskPlanProps) {
  const answer = useAnswer({
    key: `plan ${run.workflowName} ${run.workflowVersion}`,
    call: () => loadPlan(run),
  });
  return (
    <Answered answer={answer} what="the plan">
      {(tasks) => <PlanOf task={tasks.find((one) => one.taskId === taskId)} />}
    </Answered>
  );
}

function PlanOf({ task }: { readonly task: ExplainedTask | undefined }) {
  if (task === undefined) return <p className="muted">Nothing is known of it.</p>;
  const { sql, plan, rowsExtracted, columnsLeftOut, stageTaskIds, partitions } = task;
  const isPlain = sql === '' && plan.length === 0;
  return (
    <div className="plan">
      {stageTaskIds.length > 1 && (
        <p>
          One Polars query with {stageTaskIds.filter((taskId) => taskId !== task.taskId).join(', ')}
          .
        </p>
      )}
      {sql !== '' && <pre className="example">{sql}</pre>}
      {rowsExtracted !== '' && (
        <p>
          Only rows where <code>{rowsExtracted}</code> leave the database.
        </p>
      )}
      {columnsLeftOut.length > 0 && <p>Not read: {columnsLeftOut.join(', ')}.</p>}
      {partitions !== '' && <p>{partitions}</p>}
      {plan.length > 0 && (
        <ol className="plan-steps">
          {plan.map((step, index) => (
            <li key={index}>
              <code>{step}</code>
            </li>
          ))}
        </ol>
      )}
      {isPlain && <p className="muted">It is done as it stands.</p>}
    </div>
  );
}
