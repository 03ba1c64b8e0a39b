import { FloeError } from '@floe/errors';
import {
  Artifact,
  type GetArtifactRequest,
  type GetArtifactResponse,
  type ListArtifactsRequest,
  type ListArtifactsResponse,
} from '@floe/rpc/contracts';
import type { Deps } from '../deps.ts';
import { decodePageToken, encodePageToken, toPageSize } from '../page.ts';
import { parseRunId, runNotFound } from '../run-id.ts';
import { readArtifact, readArtifacts, type ArtifactRow } from '../store/read-artifacts.ts';
import { readRun } from '../store/read-runs.ts';

// A run of a thousand tasks has some thousand artifacts; without their contents a page of them is small.
const PAGE_SIZES = { standard: 200, max: 1_000 };
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export async function listArtifacts(
  deps: Deps,
  request: ListArtifactsRequest,
): Promise<ListArtifactsResponse> {
  const runId = parseRunId(request.runId);
  const limit = toPageSize(request.pageSize, PAGE_SIZES);
  const after = decodePageToken({ artifactsOf: runId }, request.pageToken, (key) => UUID.test(key));
  if ((await readRun(deps.db, runId)) === undefined) throw runNotFound(runId);
  const rows = await readArtifacts(deps.db, runId, { after, limit: limit + 1 });
  const page = rows.slice(0, limit);
  const last = page.at(-1)?.artifact_id ?? '';
  return {
    artifacts: page.map(toArtifact),
    nextPageToken: rows.length > limit ? encodePageToken({ artifactsOf: runId }, last) : '',
  };
}

export async function getArtifact(
  deps: Deps,
  { artifactId }: GetArtifactRequest,
): Promise<GetArtifactResponse> {
  const row = UUID.test(artifactId) ? await readArtifact(deps.db, artifactId) : undefined;
  if (row !== undefined) return { artifact: toArtifact(row), content: row.content };
  throw new FloeError('ARTIFACT_NOT_FOUND', `no artifact has the id ${artifactId.slice(0, 80)}`, {
    hint: 'List those of a run with: floe runs artifacts RUN',
  });
}

function toArtifact(row: ArtifactRow): Artifact {
  return Artifact.create({
    artifactId: row.artifact_id,
    runId: row.run_id,
    taskId: row.task_id,
    kind: row.kind,
    title: row.title,
    mediaType: row.media_type,
    createTime: new Date(row.created_at),
  });
}
