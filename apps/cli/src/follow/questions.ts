import type { FloeClient, Run, TaskRun } from '@floe/client';
import { printable } from '../render/printable.ts';
import type { Colors } from '../terminal.ts';

/** What an approval asks, and the names of what is to be filled in. */
export type Question = { readonly message: string; readonly fields: readonly string[] };
export type Questions = ReadonlyMap<string, Question>;

/** What the approvals of a run ask, by their tasks; without an answer they are shown without it. */
export async function askQuestions(
  client: FloeClient,
  { workflowName, workflowVersion: version }: Run,
  taskRuns: readonly TaskRun[],
): Promise<Questions> {
  if (!taskRuns.some(({ type }) => type === 'approval')) return new Map();
  try {
    const { version: found } = await client.getWorkflow(workflowName, { version });
    return questionsOf(found?.document ?? {});
  } catch {
    return new Map();
  }
}

type Stored = {
  readonly tasks?: readonly {
    readonly id: string;
    readonly type: string;
    readonly config: { readonly message?: string; readonly form?: object };
  }[];
};

function questionsOf(document: object): Questions {
  const { tasks = [] } = document as Stored;
  const approvals = tasks.filter(({ type }) => type === 'approval');
  return new Map(
    approvals.map(({ id, config: { message = '', form = {} } }) => [
      id,
      { message, fields: Object.keys(form) },
    ]),
  );
}

/** It runs until a person has answered. */
export function asksSomebody({ type, state, answer }: TaskRun): boolean {
  return type === 'approval' && state === 'TASK_STATE_RUNNING' && answer === undefined;
}

/** What an approval asks, and the command that answers. */
export function questionLines(
  { runId, taskId }: TaskRun,
  questions: Questions | undefined,
  colors: Colors,
): string[] {
  const { message = '', fields = [] } = questions?.get(taskId) ?? {};
  const asks = message === '' ? 'asks somebody to approve' : `asks: ${printable(message)}`;
  const form = fields.map((name) => ` --form ${name}=…`).join('');
  return [
    `${colors.yellow('?')} ${colors.bold(printable(taskId))} ${asks}`,
    `${colors.cyan('→')} floe runs approve ${runId} ${taskId}${form}  (no: --reject)`,
  ];
}
