import type { DatasetName } from './event.ts';

/**
 * The name of a dataset as OpenLineage wants it: of a table `postgres://host:port` and `database.schema.table`, of a file
 * `file` and its path, of what a task keeps for others `floe` and `workflow/task`.
 */
export function toDatasetName(uri: string): DatasetName {
  const table = /^(postgres:\/\/[^/]+)\/([^/]+)\/(.+)$/s.exec(uri);
  if (table !== null) return { namespace: table[1]!, name: `${table[2]}.${table[3]}` };
  const [, scheme = 'floe', rest = uri] = /^([a-z]+):(?:\/\/)?(.*)$/s.exec(uri) ?? [];
  return { namespace: scheme, name: rest };
}
