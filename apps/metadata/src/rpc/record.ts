import { FloeError, isUuid } from '@floe/errors';
import {
  RecordMetricsResponse,
  RecordWorkflowMetadataResponse,
  type NewMetric,
  type RecordMetricsRequest,
  type RecordWorkflowMetadataRequest,
} from '@floe/rpc/internal-contracts';
import {
  FIELD_LENGTH_MAX,
  METADATA_COUNT_MAX,
  METADATA_TEXT_LENGTH_MAX,
  RECORD_COUNT_MAX,
} from '../limits.ts';
import {
  putMetrics,
  putWorkflowMetadata,
  type AttemptKey,
  type MetricRow,
} from '../store/records.ts';
import type { RpcContext } from './context.ts';

export async function recordMetrics(
  context: RpcContext,
  request: RecordMetricsRequest,
): Promise<RecordMetricsResponse> {
  const attempt = attemptOf(request);
  checkCount('metrics', request.metrics.length);
  const rows = request.metrics.map(toRow);
  if (new Set(rows.map(({ name }) => name)).size < rows.length)
    throw wrong('metrics', 'name one metric twice');
  const stored = await putMetrics(context.db, attempt, rows);
  if (stored === undefined) throw stale(attempt);
  return RecordMetricsResponse.create({ stored });
}

function toRow({ name, value, unit, type }: NewMetric, index: number): MetricRow {
  const at = `metrics[${index}]`;
  if (!Number.isFinite(value)) throw wrong(`${at}.value`, 'is no finite number');
  return {
    name: text(name, `${at}.name`),
    value,
    unit: text(unit, `${at}.unit`),
    type: text(type, `${at}.type`),
  };
}

export async function recordWorkflowMetadata(
  context: RpcContext,
  request: RecordWorkflowMetadataRequest,
): Promise<RecordWorkflowMetadataResponse> {
  const attempt = attemptOf(request);
  const entries = Object.entries(request.entries ?? {});
  checkCount('entries', entries.length);
  for (const [name, value] of entries) checkEntry(name, value);
  const stored = await putWorkflowMetadata(context.db, attempt, {
    entries: new Map(entries),
    countMax: METADATA_COUNT_MAX,
  });
  if (stored === undefined) throw stale(attempt);
  if (stored === 'too many')
    throw new FloeError(
      'LIMIT_EXCEEDED',
      `the workflow would have over ${METADATA_COUNT_MAX} facts`,
      {
        details: { limit: String(METADATA_COUNT_MAX) },
        hint: 'Let its tasks say less: what a task no longer says is forgotten when it runs again.',
      },
    );
  return RecordWorkflowMetadataResponse.create({ stored });
}

function checkEntry(name: string, value: unknown): void {
  text(name, 'entries');
  if (value === null || typeof value === 'boolean') return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (typeof value !== 'string') throw wrong(`entries.${name}`, 'is no single value');
  if (value.length > METADATA_TEXT_LENGTH_MAX || value.includes('\0'))
    throw wrong(`entries.${name}`, `is over ${METADATA_TEXT_LENGTH_MAX} characters or holds a NUL`);
}

type Named = { readonly runId: string; readonly taskId: string; readonly epoch: bigint };

function attemptOf({ runId, taskId, epoch }: Named): AttemptKey {
  if (!isUuid(runId)) throw wrong('run_id', 'is not a run id');
  return { runId: runId.toLowerCase(), taskId: text(taskId, 'task_id'), epoch: Number(epoch) };
}

function checkCount(field: string, count: number): void {
  if (count > RECORD_COUNT_MAX) throw wrong(field, `are ${count}; at most ${RECORD_COUNT_MAX}`);
}

/** PostgreSQL stores no NUL in text. */
function text(value: string, field: string): string {
  if (value.length <= FIELD_LENGTH_MAX && !value.includes('\0')) return value;
  throw wrong(field, `is longer than ${FIELD_LENGTH_MAX} characters or holds a NUL`);
}

function stale({ runId, taskId, epoch }: AttemptKey): FloeError {
  return new FloeError('EPOCH_STALE', `attempt ${epoch} of task "${taskId}" does not run`, {
    details: { run_id: runId, task_id: taskId },
    hint: 'Nothing was recorded: the attempt ended, was cancelled, or a newer one took its place.',
  });
}

function wrong(field: string, message: string): FloeError {
  return new FloeError('ARGUMENT_INVALID', `${field} ${message}`, { details: { field } });
}
