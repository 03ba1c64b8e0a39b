import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FloeError } from '@floe/errors';
import { DUMP_DEPTH_MAX } from './limits.ts';
import { ARCHIVE_MAGIC, readArchive } from './read-archive.ts';
import { readBsonFile } from './read-bson.ts';
import { firstUnpackedBytes } from './read-bytes.ts';
import { readJsonFile } from './read-json.ts';
import { readServer, withoutPassword } from './read-server.ts';
import type { SourceRecord } from './record.ts';

export type MongoSource = {
  /** For people, without a password. */
  readonly name: string;
  readonly kind: 'server' | 'dump' | 'archive' | 'bson' | 'json';
  records(): AsyncIterable<SourceRecord>;
};

export type SourceOptions = {
  /** Collections that are wanted, in this order where the source has an order. */
  readonly collections: readonly string[];
  readonly database?: string | undefined;
};

/**
 * What an address or a path means: a server, a folder of mongodump, an archive, one of its files, or JSON of mongoexport;
 * packed with gzip or not. Errors: ARGUMENT_INVALID.
 */
export async function openMongoSource(
  source: string,
  options: SourceOptions,
): Promise<MongoSource> {
  const { collections, database } = options;
  if (/^mongodb(?:\+srv)?:\/\//i.test(source)) {
    const records = () => readServer(source, { database, collections });
    return { name: withoutPassword(source), kind: 'server', records };
  }
  const found = await stat(source).catch((cause: unknown) => {
    throw new FloeError('ARGUMENT_INVALID', `cannot read ${source}: there is no such file`, {
      cause,
      hint: 'Give a mongodb:// address, a folder or archive of mongodump, or a file of mongoexport.',
    });
  });
  if (found.isDirectory()) return openDump(source, options);
  return openFile(source, collections);
}

async function openFile(path: string, collections: readonly string[]): Promise<MongoSource> {
  const start = await firstUnpackedBytes(path, 5);
  if (start.length >= 4 && start.readUInt32LE(0) === ARCHIVE_MAGIC) {
    return { name: path, kind: 'archive', records: () => readArchive(path, new Set(collections)) };
  }
  const name = collectionOf(path) ?? '';
  if (/\.bson(?:\.gz)?$/i.test(path)) {
    return { name: path, kind: 'bson', records: () => readBsonFile(path, name) };
  }
  const collection = collections.includes(name) ? name : '';
  return { name: path, kind: 'json', records: () => readJsonFile(path, collection) };
}

/** `workflow` of `dump/app/workflow.bson.gz`. */
function collectionOf(path: string): string | undefined {
  return /^(?<name>.+?)\.(?:bson|json|jsonl|ndjson)(?:\.gz)?$/i.exec(basename(path))?.groups?.[
    'name'
  ];
}

async function openDump(
  folder: string,
  { collections, database }: SourceOptions,
): Promise<MongoSource> {
  const all = await bsonFiles(folder, DUMP_DEPTH_MAX);
  const files = collections.flatMap((name) =>
    all.filter(
      (path) =>
        collectionOf(path) === name &&
        (database === undefined || path.includes(join(folder, database))),
    ),
  );
  if (files.length === 0) {
    const message = `${folder} holds none of ${collections.map((name) => `${name}.bson`).join(', ')}`;
    throw new FloeError('ARGUMENT_INVALID', message, {
      hint: 'Give the folder that mongodump wrote, or one of its databases.',
    });
  }
  async function* records(): AsyncGenerator<SourceRecord> {
    for (const path of files) yield* readBsonFile(path, collectionOf(path) ?? '');
  }
  return { name: folder, kind: 'dump', records };
}

async function bsonFiles(folder: string, depth: number): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const nested = entries
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return depth > 1 ? bsonFiles(path, depth - 1) : [];
      return /\.bson(?:\.gz)?$/i.test(entry.name) ? [path] : [];
    });
  return (await Promise.all(nested)).flat();
}
