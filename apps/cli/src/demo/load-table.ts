import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  describeTable,
  parseTableName,
  quoteIdentifier,
  quoteTableName,
  type TargetSession,
} from '@floe/database';
import {
  datasetFromCsv,
  datasetFromParquet,
  encodeDataset,
  executeFramePlan,
  type DatasetFacts,
} from '@floe/frame';
import { planLoadColumns } from '@floe/frame/columns';
import { LOADS_TABLE, type SourceTable } from './demo-tables.ts';

export type LoadOptions = {
  readonly session: TargetSession;
  /** For the file between Polars and PostgreSQL; removed afterwards. */
  readonly scratchDir: string;
  /** 0 for all. */
  readonly rowLimit: number;
  readonly onRows: (rows: number, totalRows: number) => void;
};

export type LoadResult = { readonly rows: number; readonly wasLoaded: boolean };

/**
 * Fills a table from its file, once: what is marked as loaded from the same file with the same limit stays. Rows, and
 * the mark, come in one transaction, so that a load that was killed is repeated whole.
 */
export async function loadTable(table: SourceTable, options: LoadOptions): Promise<LoadResult> {
  const { session, rowLimit } = options;
  await session.query(LOADS_TABLE);
  await session.query(table.create);
  const [mark] = await session.query<{ row_count: string }>(
    `select row_count from public.floe_demo_load where table_name = $1 and file = $2 and row_limit = $3`,
    [table.name, table.file, rowLimit],
  );
  if (mark !== undefined) return { rows: Number(mark.row_count), wasLoaded: false };
  const ipcPath = join(options.scratchDir, `demo-${process.pid}-${table.file}.ipc`);
  try {
    const facts = await makeDataset(table, { ipcPath, rowLimit });
    const rows = await copyDataset(table, { ...options, ipcPath, facts });
    await session.query(`analyze ${quoteTableName(parseTableName(table.name))}`);
    return { rows, wasLoaded: true };
  } finally {
    await rm(ipcPath, { force: true });
  }
}

async function makeDataset(
  table: SourceTable,
  { ipcPath, rowLimit }: { readonly ipcPath: string; readonly rowLimit: number },
): Promise<DatasetFacts> {
  const path = join(dataFolder(), table.file);
  const read = table.file.endsWith('.csv') ? datasetFromCsv : datasetFromParquet;
  if (rowLimit === 0) return read(path, ipcPath);
  const whole = `${ipcPath}.whole.ipc`;
  try {
    await read(path, whole);
    return await executeFramePlan(firstRows(rowLimit), { inputs: { all: whole }, output: ipcPath });
  } finally {
    await rm(whole, { force: true });
  }
}

function firstRows(count: number): Parameters<typeof executeFramePlan>[0] {
  return {
    nodes: [
      { op: 'input', name: 'all' },
      { op: 'slice', input: 0, offset: 0, length: count },
    ],
    output: 1,
  };
}

/** Where npm put the data of vega-datasets, a dependency of the workspace. */
function dataFolder(): string {
  const entry = fileURLToPath(import.meta.resolve('vega-datasets'));
  return join(dirname(entry), '..', 'data');
}

type CopyOptions = LoadOptions & { readonly ipcPath: string; readonly facts: DatasetFacts };

function copyDataset(table: SourceTable, options: CopyOptions): Promise<number> {
  const { session, ipcPath, facts, rowLimit, onRows } = options;
  const name = parseTableName(table.name);
  return session.transaction('begin', async () => {
    await session.query(`truncate ${quoteTableName(name)}`);
    const { columns } = await describeTable(session, name);
    const plan = planLoadColumns(facts.schema, columns);
    const targets = plan.map(({ target }) => quoteIdentifier(target.name)).join(', ');
    const rows = await session.copyIn(
      `copy ${quoteTableName(name)} (${targets}) from stdin (format binary)`,
      encodeDataset([ipcPath], plan, (done) => onRows(done, facts.rows)),
    );
    await session.query(
      `insert into public.floe_demo_load (table_name, file, row_limit, row_count) values ($1, $2, $3, $4)
       on conflict (table_name) do update
       set file = excluded.file, row_limit = excluded.row_limit, row_count = excluded.row_count, loaded_at = now()`,
      [table.name, table.file, rowLimit, rows],
    );
    return rows;
  });
}
