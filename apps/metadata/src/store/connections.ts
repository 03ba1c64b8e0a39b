import type { Selectable } from 'kysely';
import type { ConnectionTable, ControlDatabase } from '@floe/database';
import { RESOURCE_NAME } from '@floe/workflow';

type Db = ControlDatabase['db'];
export type ConnectionRow = Selectable<ConnectionTable>;
export type ConnectionValues = Omit<ConnectionRow, 'created_at' | 'updated_at'>;

/** Creates the connection or replaces the one of this name. */
export async function putConnection(db: Db, values: ConnectionValues): Promise<ConnectionRow> {
  const { name: _, ...changed } = values;
  return db
    .insertInto('connection')
    .values(values)
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet({ ...changed, updated_at: new Date() }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** A text that is no name is not asked for: PostgreSQL would fail on some, like those with a NUL. */
export async function findConnection(db: Db, name: string): Promise<ConnectionRow | undefined> {
  if (!RESOURCE_NAME.test(name)) return undefined;
  return db.selectFrom('connection').selectAll().where('name', '=', name).executeTakeFirst();
}

/** Connections in the order of their names, after one name. */
export function listConnections(
  db: Db,
  page: { after: string; limit: number },
): Promise<ConnectionRow[]> {
  return db
    .selectFrom('connection')
    .selectAll()
    .where('name', '>', page.after)
    .orderBy('name')
    .limit(page.limit)
    .execute();
}

/** True when there was one. */
export async function deleteConnection(db: Db, name: string): Promise<boolean> {
  if (!RESOURCE_NAME.test(name)) return false;
  const result = await db.deleteFrom('connection').where('name', '=', name).executeTakeFirst();
  return result.numDeletedRows > 0n;
}
