import { toControlError } from '@floe/database';
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

/** The artifacts of a run after one, without their contents, by id. */
export async function readArtifacts(
  db: Deps['db'],
  runId: string,
  page: { readonly after: string | undefined; readonly limit: number },
) {
  const query = db.selectFrom('artifact').select(COLUMNS).where('run_id', '=', runId);
  const rest = page.after === undefined ? query : query.where('artifact_id', '>', page.after);
  return rest.orderBy('artifact_id').limit(page.limit).execute().catch(fail);
}

/** One artifact with its content; undefined when there is none. */
export async function readArtifact(db: Deps['db'], artifactId: string) {
  return db
    .selectFrom('artifact')
    .select([...COLUMNS, 'content'])
    .where('artifact_id', '=', artifactId)
    .executeTakeFirst()
    .catch(fail);
}

function fail(thrown: unknown): never {
  throw toControlError(thrown);
}
