/** What PostgreSQL keeps of the name of a session. */
export const SESSION_NAME_LENGTH = 63;

type Serves = { readonly runId: string; readonly taskId: string };

/** How a session in a user's database says which run and task it serves. */
export function sessionName({ runId, taskId }: Serves): string {
  return `floe:${runId}:${taskId}`;
}
