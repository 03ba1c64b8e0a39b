import { randomUUID } from 'node:crypto';
import { FloeError, isUuid } from '@floe/errors';
import {
  PutArtifactsResponse,
  type NewArtifact,
  type PutArtifactsRequest,
} from '@floe/rpc/internal-contracts';
import { ARTIFACT_BYTES_MAX, ARTIFACT_COUNT_MAX, FIELD_LENGTH_MAX } from '../limits.ts';
import { putArtifactRows, type NewArtifactRow } from '../store/artifacts.ts';
import type { RpcContext } from './context.ts';

const KINDS = new Set(['markdown', 'preview', 'check', 'plot']);

/** Stores what an attempt left for people; all of it or, when one is wrong, nothing. */
export async function putArtifacts(
  context: RpcContext,
  request: PutArtifactsRequest,
): Promise<PutArtifactsResponse> {
  const { artifacts } = request;
  if (!isUuid(request.runId)) throw wrong('run_id', 'is not a run id');
  if (artifacts.length > ARTIFACT_COUNT_MAX)
    throw wrong('artifacts', `are ${artifacts.length}; at most ${ARTIFACT_COUNT_MAX} at once`);
  const rows = artifacts.map((artifact, index) => toRow(request, artifact, index));
  return PutArtifactsResponse.create({ stored: await putArtifactRows(context.db, rows) });
}

function toRow(request: PutArtifactsRequest, artifact: NewArtifact, index: number): NewArtifactRow {
  const at = `artifacts[${index}]`;
  const { name, kind, title, mediaType, content } = artifact;
  if (!KINDS.has(kind)) throw wrong(`${at}.kind`, `is none of ${[...KINDS].join(', ')}`);
  if (content.length > ARTIFACT_BYTES_MAX)
    throw wrong(`${at}.content`, `has ${content.length} bytes; at most ${ARTIFACT_BYTES_MAX}`);
  return {
    artifact_id: randomUUID(),
    run_id: request.runId.toLowerCase(),
    task_id: text(request.taskId, 'task_id'),
    epoch: Number(request.epoch),
    name: text(name, `${at}.name`),
    kind,
    title: text(title, `${at}.title`),
    media_type: text(mediaType, `${at}.media_type`),
    content: Buffer.from(content),
  };
}

/** PostgreSQL stores no NUL in text. */
function text(value: string, field: string): string {
  if (value.length <= FIELD_LENGTH_MAX && !value.includes('\0')) return value;
  throw wrong(field, `is longer than ${FIELD_LENGTH_MAX} characters or holds a NUL`);
}

function wrong(field: string, message: string): FloeError {
  return new FloeError('ARGUMENT_INVALID', `${field} ${message}`, { details: { field } });
}
