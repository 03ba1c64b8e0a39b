import type { ControlDatabase } from '@floe/database';

type Db = ControlDatabase['db'];

/** A workflow whose newest version is this document. As metadata writes it. */
export async function storeVersion(
  db: Db,
  seed: {
    readonly name: string;
    readonly version?: number;
    readonly document?: object;
    readonly source?: string;
  },
): Promise<void> {
  const { name, version = 1, document = {}, source = '' } = seed;
  await db
    .insertInto('workflow')
    .values({ name, latest_version: version, task_count: 1 })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ latest_version: version }))
    .execute();
  await db
    .insertInto('workflow_version')
    .values({
      workflow_name: name,
      version,
      source,
      document: JSON.stringify(document),
      digest: '',
      task_schemas: '{}',
    })
    .execute();
}

/** A workflow with one load, as far as lineage knows. */
export async function storeLoad(
  db: Db,
  load: { readonly workflow: string; readonly task: string; readonly uri: string },
): Promise<void> {
  const { workflow: name, task, uri } = load;
  await storeVersion(db, { name });
  const { dataset_id: id } = await db
    .insertInto('lineage_dataset')
    .values({ uri, name: uri, short_name: uri })
    .returning('dataset_id')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('lineage_edge')
    .values({
      workflow_name: name,
      version: 1,
      task_id: task,
      source_id: null,
      source_column: '',
      target_id: id,
      target_column: 'total',
      how: 'value',
      transformation: 'identity',
      is_masked: false,
      certainty: 'unresolved',
    })
    .execute();
}

export async function storeSchedule(
  db: Db,
  schedule: { readonly workflow: string; readonly cron: string; readonly since: number },
): Promise<void> {
  const { workflow, cron, since } = schedule;
  const definition = {
    name: 'main',
    description: '',
    cron,
    timezone: 'UTC',
    overlap: 'skip',
    catchupMs: 0,
    jitterMs: 0,
    dst: { gap: 'run_after', overlap: 'first' },
    parameters: {},
    paused: false,
  };
  const row = { definition: JSON.stringify(definition), is_paused: false, is_deleted: false };
  const changed_at = new Date(since);
  await db
    .insertInto('schedule')
    .values({
      schedule_id: `${workflow}.main`,
      workflow_name: workflow,
      name: 'main',
      ...row,
      changed_at,
    })
    .onConflict((conflict) => conflict.column('schedule_id').doUpdateSet({ ...row, changed_at }))
    .execute();
}

export type EdgeSeed = {
  readonly workflow: string;
  readonly task: string;
  /** A dataset and its column. */
  readonly from: readonly [uri: string, column: string];
  readonly to: readonly [uri: string, column: string];
  readonly how?: string;
};

/** Edges of version 1 of workflows, and the datasets between which they are. */
export async function storeEdges(db: Db, edges: readonly EdgeSeed[]): Promise<void> {
  const ids = new Map<string, number>();
  for (const uri of new Set(edges.flatMap(({ from, to }) => [from[0], to[0]]))) {
    const name = uri.slice(uri.lastIndexOf('/') + 1);
    const { dataset_id: id } = await db
      .insertInto('lineage_dataset')
      .values({ uri, name, short_name: name.slice(name.indexOf('.') + 1) })
      .returning('dataset_id')
      .executeTakeFirstOrThrow();
    ids.set(uri, id);
  }
  await db
    .insertInto('lineage_edge')
    .values(
      edges.map(({ workflow, task, from, to, how = 'value' }) => ({
        workflow_name: workflow,
        version: 1,
        task_id: task,
        source_id: ids.get(from[0])!,
        source_column: from[1],
        target_id: ids.get(to[0])!,
        target_column: to[1],
        how,
        transformation: 'identity',
        is_masked: false,
        certainty: 'exact',
      })),
    )
    .execute();
}
