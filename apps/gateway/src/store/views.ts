/** Saved views in the control database. Bounded: see VIEWS_OF_ONE_MAX for each token, of which there are ten thousand. */
import type { ControlDatabase, NamedStatement } from '@floe/database';

type Db = Pick<ControlDatabase, 'query'>;

export type ViewRow = {
  readonly view_id: string;
  readonly owner: string;
  readonly name: string;
  readonly address: string;
  readonly shared: boolean;
  readonly updated_at: number;
};

export type NewView = Pick<ViewRow, 'owner' | 'name' | 'address' | 'shared'> & {
  /** A UUIDv7, so that their order is that of time. Not used where one is replaced. */
  readonly viewId: string;
};

/** Whose views a caller sees: its own, and those of others that are shared where it may see those. */
export type Sight = { readonly owner: string; readonly seesShared: boolean };

// More than anybody finds again by name. Whoever saves many at the same instant may get a few beyond it.
const VIEWS_OF_ONE_MAX = 100;

const COLUMNS = 'view_id, owner, name, address, shared, updated_at';
const IN_SIGHT = '(owner = $1 or (shared and $2))';

const SAVE = statement(
  'gateway_save_view',
  `insert into floe.saved_view (view_id, owner, name, address, shared)
   select $1, $2, $3, $4, $5
   where (select count(*) from floe.saved_view where owner = $2 and name <> $3) < ${VIEWS_OF_ONE_MAX}
   on conflict (owner, name) do update
     set address = excluded.address, shared = excluded.shared, updated_at = clock_timestamp()
   returning ${COLUMNS}`,
);

/** Undefined when the owner has too many. */
export async function saveView(db: Db, view: NewView): Promise<ViewRow | undefined> {
  const { viewId, owner, name, address, shared } = view;
  const rows = await db.query<ViewRow>(SAVE, [viewId, owner, name, address, shared]);
  return rows[0];
}

const FIND = statement(
  'gateway_find_view',
  `select ${COLUMNS} from floe.saved_view where ${IN_SIGHT} and view_id = $3`,
);

export async function findView(db: Db, sight: Sight, viewId: string): Promise<ViewRow | undefined> {
  const rows = await db.query<ViewRow>(FIND, [sight.owner, sight.seesShared, viewId]);
  return rows[0];
}

const LIST = statement(
  'gateway_list_views',
  `select ${COLUMNS} from floe.saved_view where ${IN_SIGHT} and ($3 = '' or view_id < $3)
   order by view_id desc limit $4`,
);

export function listViews(
  db: Db,
  sight: Sight,
  page: { readonly before: string; readonly limit: number },
): Promise<ViewRow[]> {
  return db.query<ViewRow>(LIST, [sight.owner, sight.seesShared, page.before, page.limit]);
}

// What others have shared only somebody who may do everything takes away.
const DELETE = statement(
  'gateway_delete_view',
  `delete from floe.saved_view where (owner = $1 or (shared and $2)) and view_id = $3
   returning ${COLUMNS}`,
);

/** Undefined when there is none that whoever asks may delete. */
export async function deleteView(
  db: Db,
  by: { readonly owner: string; readonly mayDeleteShared: boolean },
  viewId: string,
): Promise<ViewRow | undefined> {
  const rows = await db.query<ViewRow>(DELETE, [by.owner, by.mayDeleteShared, viewId]);
  return rows[0];
}

function statement(name: string, text: string): NamedStatement {
  return { name, text: `/* ${name} */ ${text}` };
}
