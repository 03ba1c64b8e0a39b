/** What the words of a notice may name, and what each stands for. A closed set: nothing else is looked up, ever. */
export const PLACEHOLDERS = {
  event: 'What happened: failed, succeeded, cancelled, recovered or late.',
  count: 'How many notices this one stands for: more than 1 when many came at once.',
  'workflow.name': 'The name of the workflow.',
  'workflow.version': 'The number of the version that ran; empty where nothing started.',
  'run.id': 'The id of the run; empty where nothing started.',
  'run.state': 'The state of the run, like failed or timed_out.',
  'run.trigger': 'Why it ran: manual, schedule, backfill and so on.',
  'run.url': 'The page of the run in the console.',
  'run.due_at': 'When it was due by its schedule, or asked for.',
  'run.started_at': 'When it began; empty where nothing started.',
  'run.ended_at': 'When it ended; empty while it goes on.',
  'run.duration': 'How long it took, like 1m30s.',
  'run.error': 'What went wrong, in a sentence.',
  'run.error_code': 'The code of the error, from the table of errors.',
  'run.failed_task': 'The task that failed first.',
} as const;

export type Placeholder = keyof typeof PLACEHOLDERS;

export type PlaceholderValues = Readonly<Record<Placeholder, string>>;

export function isPlaceholder(name: string): name is Placeholder {
  return Object.hasOwn(PLACEHOLDERS, name);
}
