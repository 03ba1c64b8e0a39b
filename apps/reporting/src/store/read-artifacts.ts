import { toControlError } from '@floe/database';
import { sql } from 'kysely';
import type { Deps } from '../deps.ts';

const COLUMNS = [
  'artifact_id',
  'run_id',
  'task_id',
  'kind',
  'title',
  'media_type',
  'created_at',
] as const;

export type ArtifactRow = Awaited<ReturnType<typeof readArtifacts>>[number];

// Previews of the parts of a dataset are shown as one, which stands where the first of them would.
const PART_NAMES = 'preview of partition %';
const IS_SHOWN = sql<boolean>`(artifact.name not like ${PART_NAMES} or not exists (
  select from floe.artifact as other
  where other.run_id = artifact.run_id and other.task_id = artifact.task_id
    and other.name like ${PART_NAMES} and other.artifact_id < artifact.artifact_id))`;

// More partitions than any document may ask for; what is read of them stays bounded whatever is stored.
const PARTS_MAX = 256;

/** The artifacts of a run, or of one of its tasks, after one, without their contents, by id. */
export async function readArtifacts(
  db: Deps['db'],
  of: { readonly runId: string; readonly taskId: string | undefined },
  page: { readonly after: string | undefined; readonly limit: number },
) {
  const ofRun = db
    .selectFrom('artifact')
    .select(COLUMNS)
    .where('run_id', '=', of.runId)
    .where(IS_SHOWN);
  const query = of.taskId === undefined ? ofRun : ofRun.where('task_id', '=', of.taskId);
  const rest = page.after === undefined ? query : query.where('artifact_id', '>', page.after);
  return rest.orderBy('artifact_id').limit(page.limit).execute().catch(fail);
}

/** One artifact with its content; undefined when there is none. */
export async function readArtifact(db: Deps['db'], artifactId: string) {
  return db
    .selectFrom('artifact')
    .select([...COLUMNS, 'name', 'content'])
    .where('artifact_id', '=', artifactId)
    .executeTakeFirst()
    .catch(fail);
}

/** The previews of the parts of a task's dataset, in no order. */
export async function readPartPreviews(
  db: Deps['db'],
  task: { readonly run_id: string; readonly task_id: string },
) {
  return db
    .selectFrom('artifact')
    .select(['name', 'content'])
    .where('run_id', '=', task.run_id)
    .where('task_id', '=', task.task_id)
    .where('name', 'like', PART_NAMES)
    .limit(PARTS_MAX)
    .execute()
    .catch(fail);
}

function fail(thrown: unknown): never {
  throw toControlError(thrown);
}
