import { connectionOf } from './connection.ts';
import type { LegacyNode } from './legacy-workflow.ts';
import { addTask, parentRows, type Mapping, type Rows } from './mapping.ts';
import { frameText, projectionOf, type Projection } from './projection.ts';
import { tableInLoad } from './sql-text.ts';

/** A target becomes a load; what it does not load, and expressions in its mapping, need a transform before it. */
export function mapTarget(mapping: Mapping, node: LegacyNode): void {
  const { reading } = mapping;
  const details = node.database;
  if (details === undefined || details.table.trim() === '') {
    reading.refuse(node.path, `${node.name} is a target without a table in its dbDetails`);
    return;
  }
  const parents = parentRows(mapping, node);
  const projection = projectionOf(mapping, node.fieldMapping);
  if (parents.length === 0 || projection === 'refused') return;
  const connection = connectionOf(details, mapping.digest);
  mapping.connections.set(connection.name, connection);
  const input = inputOf(mapping, node, { parents, projection });
  addTask(mapping, node, {
    fields: {
      type: 'postgres_load',
      inputs: [input.rows.task],
      connection: connection.name,
      table: tableInLoad(details.schema.trim() || 'public', details.table.trim()),
      mode: details.truncateTable ? 'truncate' : 'append',
      // The old service wrote by INSERT, which is not particular about types.
      convert: true,
      ...(Object.keys(input.renamed).length > 0 ? { columns: input.renamed } : {}),
    },
  });
  mapping.rows.set(node.id, input.rows);
}

type Input = { readonly rows: Rows; readonly renamed: Readonly<Record<string, string>> };

/** The rows that are loaded. Where the parent has just the columns that are wanted, the load itself renames them. */
function inputOf(
  mapping: Mapping,
  node: LegacyNode,
  { parents, projection }: { readonly parents: readonly Rows[]; readonly projection: Projection },
): Input {
  const [only] = parents;
  if (parents.length === 1 && only !== undefined) {
    if (projection.kind === 'all') return { rows: only, renamed: {} };
    if (projection.isPlain && hasJust(only, [...projection.renames.keys()])) {
      const renamed = [...projection.renames].filter(([from, to]) => from !== to);
      return { rows: only, renamed: Object.fromEntries(renamed) };
    }
  }
  const task = addTask(mapping, node, {
    suffix: 'rows',
    fields: {
      type: 'expression_transform',
      inputs: parents.map((each) => each.task),
      polars: frameText(parents, projection.kind === 'all' ? [] : [projection.text]),
    },
  });
  const columns = projection.kind === 'all' ? undefined : projection.columns;
  return { rows: { task, columns }, renamed: {} };
}

function hasJust({ columns }: Rows, names: readonly string[]): boolean {
  return columns?.length === names.length && names.every((name) => columns.includes(name));
}
