/** Which tables and files each task of a version reads and writes. */
import type { VersionDataset } from '../store/read-version-datasets.ts';
import { EXTRACT_TYPES } from '../task-kinds.ts';

export type PlannedTask = {
  readonly id: string;
  readonly type: string;
  readonly inputs?: readonly string[];
  readonly config?: Readonly<Record<string, unknown>>;
};

export type OutsideDatasets = {
  readonly reads: ReadonlyMap<string, readonly string[]>;
  readonly writes: ReadonlyMap<string, readonly string[]>;
};

/**
 * Writes are known by task. Of reads it is known which there are in all (the databases said so when the version was
 * applied); an extract reads those of them whose names its text has.
 */
export function outsideDatasets(
  tasks: readonly PlannedTask[],
  known: readonly VersionDataset[],
): OutsideDatasets {
  const writes = Map.groupBy(
    known.filter(({ target }) => isOutside(target)),
    ({ task_id: taskId }) => taskId,
  );
  const sources = [...new Set(known.flatMap(({ source }) => source ?? []))].filter(isOutside);
  const extracts = tasks.filter(({ type }) => EXTRACT_TYPES.includes(type));
  return {
    writes: new Map(
      [...writes].map(([id, rows]) => [id, unique(rows.map(({ target }) => target))]),
    ),
    reads: new Map(extracts.map((task) => [task.id, sources.filter((uri) => names(task, uri))])),
  };
}

function isOutside(uri: string): boolean {
  return /^(?:postgres|file|https?):/.test(uri);
}

/** Whether the text of an extract has the name of a table, the path of a file, or an address or its end. */
function names({ config = {} }: PlannedTask, uri: string): boolean {
  const texts = Object.values(config).filter((value) => typeof value === 'string');
  if (uri.startsWith('file:')) return texts.includes(uri.slice('file:'.length));
  if (uri.startsWith('http')) return isAddress(config['url'], uri);
  const table = uri.slice(uri.lastIndexOf('/') + 1);
  const short = table.slice(table.indexOf('.') + 1).toLowerCase();
  return texts.some((text) => wordsOf(text).has(short));
}

/** An address in a document is a path where it counts from that of a connection. */
function isAddress(url: unknown, uri: string): boolean {
  return typeof url === 'string' && uri.endsWith(url.split('?', 1)[0]!);
}

/** The words of a query as PostgreSQL names tables: without quotes and schemas. */
function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}_$]+/gu));
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
