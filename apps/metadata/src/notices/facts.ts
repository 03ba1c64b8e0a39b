import { type NoticeFacts, PLACEHOLDERS } from '@floe/notification';
import { formatDuration } from '@floe/workflow';
import type { RunRow } from '../store/notices/run-facts.ts';
import { VALUE_LENGTH_MAX } from './limits.ts';

/** What a notice may say of a run. Parameters and rows are not among it. */
export function factsOfRun(run: RunRow, gatewayUrl: string): NoticeFacts {
  const failure = failureOf(run.failure);
  const { started_at: started, ended_at: ended } = run;
  return {
    'workflow.name': run.workflow_name,
    'workflow.version': String(run.workflow_version),
    'run.id': run.run_id,
    'run.state': run.state,
    'run.trigger': run.trigger,
    'run.url': `${gatewayUrl}/runs/${run.run_id}`,
    'run.due_at': instant(run.due_at),
    'run.started_at': instant(started),
    'run.ended_at': instant(ended),
    'run.duration': started === null || ended === null ? '' : durationOf(ended - started),
    'run.error': failure.message,
    'run.error_code': failure.code,
    'run.failed_task': failure.taskId,
  };
}

/** What a notice may say of a slot that nothing started. */
export function factsOfSlot(workflowName: string, dueAt: number): NoticeFacts {
  const nothing = Object.fromEntries(Object.keys(PLACEHOLDERS).map((name) => [name, '']));
  const { event: _, count: __, ...blank } = nothing as Record<keyof typeof PLACEHOLDERS, string>;
  return {
    ...blank,
    'workflow.name': workflowName,
    'run.trigger': 'schedule',
    'run.due_at': instant(dueAt),
  };
}

function instant(at: number | null): string {
  return at === null ? '' : new Date(at).toISOString();
}

function durationOf(durationMs: number): string {
  const isShort = durationMs < 10_000;
  return formatDuration(isShort ? durationMs : Math.round(durationMs / 1_000) * 1_000);
}

function failureOf(value: unknown): Record<'message' | 'code' | 'taskId', string> {
  const failure = (value ?? {}) as Readonly<Record<string, unknown>>;
  return {
    message: textOf(failure['message']),
    code: textOf(failure['code']),
    taskId: textOf(failure['taskId']),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, VALUE_LENGTH_MAX) : '';
}
