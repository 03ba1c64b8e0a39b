import { FloeError, isUuid } from '@floe/errors';
import {
  Artifact,
  type GetArtifactRequest,
  type GetArtifactResponse,
  type ListArtifactsRequest,
  type ListArtifactsResponse,
} from '@floe/rpc/contracts';
import { previewPart } from '@floe/tasks/profiles';
import { mergePreviews } from '../artifacts/merge-previews.ts';
import { makeArtifact, runArtifacts, taskArtifact } from '../artifacts/made-artifacts.ts';
import type { Deps } from '../deps.ts';
import { decodePageToken, encodePageToken, toPageSize } from '../page.ts';
import { parseRunId, runNotFound } from '../run-id.ts';
import {
  readArtifact,
  readArtifacts,
  readPartPreviews,
  type ArtifactRow,
} from '../store/read-artifacts.ts';
import { readRun, type RunRow } from '../store/read-runs.ts';
import { readTaskRuns } from '../store/read-task-runs.ts';

// A run of a thousand tasks has some thousand artifacts; without their contents a page of them is small.
const PAGE_SIZES = { standard: 200, max: 1_000 };
// The id of the last one of the page: one of the run's own, one of a task, or a stored one.
const MADE_KEY = /^[0-9a-f-]{36}\.(summary|trend|task-\d{1,5})$/;

/** Those of the run itself, then the summaries of its tasks in the order of the workflow, then what tasks left. */
export async function listArtifacts(
  deps: Deps,
  request: ListArtifactsRequest,
): Promise<ListArtifactsResponse> {
  const runId = parseRunId(request.runId);
  const limit = toPageSize(request.pageSize, PAGE_SIZES);
  const taskId = request.taskId === '' ? undefined : request.taskId;
  const filter = { artifactsOf: runId, taskId };
  const after = decodePageToken(
    filter,
    request.pageToken,
    (key) => isUuid(key) || MADE_KEY.test(key),
  );
  const run = await readRun(deps.db, runId);
  if (run === undefined) throw runNotFound(runId);
  const found = await artifactsAfter(deps, run, { taskId, after, limit: limit + 1 });
  const page = found.slice(0, limit);
  const last = page.at(-1)?.artifactId ?? '';
  return {
    artifacts: page,
    nextPageToken: found.length > limit ? encodePageToken(filter, last) : '',
  };
}

type Page = {
  readonly taskId: string | undefined;
  readonly after: string | undefined;
  readonly limit: number;
};

async function artifactsAfter(
  deps: Deps,
  run: RunRow,
  { taskId, after, limit }: Page,
): Promise<Artifact[]> {
  const isStored = after !== undefined && isUuid(after);
  const found = isStored ? [] : await madeAfter(deps, run, { taskId, after, limit });
  const room = limit - found.length;
  if (room <= 0) return found.slice(0, limit);
  const rest = { after: isStored ? after : undefined, limit: room };
  const of = { runId: run.run_id, taskId };
  return [...found, ...(await readArtifacts(deps.db, of, rest)).map(toArtifact)];
}

async function madeAfter(
  deps: Deps,
  run: RunRow,
  { taskId, after, limit }: Page,
): Promise<Artifact[]> {
  const own = taskId === undefined ? runArtifacts(run) : [];
  const place = own.findIndex(({ artifactId }) => artifactId === after);
  const afterIndex = Number(/task-(\d+)$/.exec(after ?? '')?.[1] ?? -1);
  const isBehindOwn = afterIndex >= 0;
  const rest = isBehindOwn ? [] : own.slice(place + 1);
  const tasks = await readTaskRuns(deps.db, run.run_id, { afterIndex, limit, taskId });
  return [...rest, ...tasks.map((task) => taskArtifact(run, task))];
}

export async function getArtifact(
  deps: Deps,
  { artifactId }: GetArtifactRequest,
): Promise<GetArtifactResponse> {
  const row = isUuid(artifactId) ? await readArtifact(deps.db, artifactId) : undefined;
  if (row !== undefined) return { artifact: toArtifact(row), content: await contentOf(deps, row) };
  const made = await makeArtifact(deps, artifactId);
  if (made !== undefined) return made;
  throw new FloeError('ARTIFACT_NOT_FOUND', `no artifact has the id ${artifactId.slice(0, 80)}`, {
    hint: 'List those of a run with: floe runs artifacts RUN',
  });
}

async function contentOf(
  { db }: Deps,
  row: NonNullable<Awaited<ReturnType<typeof readArtifact>>>,
): Promise<Buffer> {
  if (previewPart(row.name) === undefined) return row.content;
  return mergePreviews(await readPartPreviews(db, row));
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
