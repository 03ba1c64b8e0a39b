import { sql } from 'kysely';
import type { ControlDatabase } from '@floe/database';

export type NewArtifactRow = {
  readonly artifact_id: string;
  readonly run_id: string;
  readonly task_id: string;
  readonly epoch: number;
  readonly name: string;
  readonly kind: string;
  readonly title: string;
  readonly media_type: string;
  readonly content: Buffer;
};

/** Stores the artifacts, except where a newer attempt has left one of the same name. Returns how many. */
export async function putArtifactRows(
  db: ControlDatabase['db'],
  rows: readonly NewArtifactRow[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const stored = await db
    .insertInto('artifact')
    .values([...rows])
    .onConflict((conflict) =>
      conflict
        .columns(['run_id', 'task_id', 'name'])
        .doUpdateSet((eb) => ({
          epoch: eb.ref('excluded.epoch'),
          kind: eb.ref('excluded.kind'),
          title: eb.ref('excluded.title'),
          media_type: eb.ref('excluded.media_type'),
          content: eb.ref('excluded.content'),
        }))
        .where('artifact.epoch', '<=', sql<number>`excluded.epoch`),
    )
    .returning('artifact_id')
    .execute();
  return stored.length;
}
