/** Hunts documents that get lost between a dump and its reader, whichever form the dump has. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Decimal128, EJSON, Long, ObjectId, serialize, type Document } from 'bson';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openMongoSource, type SourceRecord } from '../src/index.ts';
import { Crc64 } from '../src/crc64.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-mongo-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const ID = new ObjectId('64f1a2b3c4d5e6f708192a3b');
const DOCUMENTS: readonly Document[] = [
  {
    _id: ID,
    workflow_id: 'wf-1',
    created_at: new Date('2024-05-01T06:00:00Z'),
    rows: Long.fromString('9007199254740993'),
    count: Long.fromNumber(12),
    price: Decimal128.fromString('1.10'),
    text: 'ø "quoted" \\ {[\n',
    list: [1, 2.5, null, true],
  },
  { _id: ID, workflow_id: 'wf-2', nested: { __proto__x: 1, $odd: 'kept' } },
];
const PLAIN = [
  {
    _id: '64f1a2b3c4d5e6f708192a3b',
    workflow_id: 'wf-1',
    created_at: '2024-05-01T06:00:00.000Z',
    rows: '9007199254740993',
    count: 12,
    price: '1.10',
    text: 'ø "quoted" \\ {[\n',
    list: [1, 2.5, null, true],
  },
  { _id: '64f1a2b3c4d5e6f708192a3b', workflow_id: 'wf-2', nested: { __proto__x: 1, $odd: 'kept' } },
];

async function read(path: string): Promise<SourceRecord[]> {
  const source = await openMongoSource(path, { collections: ['workflow', 'jobRun'] });
  return await all(source.records());
}

async function all(records: AsyncIterable<SourceRecord>): Promise<SourceRecord[]> {
  const list: SourceRecord[] = [];
  for await (const record of records) list.push(record);
  return list;
}

async function put(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, bytes);
  return path;
}

const documentsIn = (records: readonly SourceRecord[]) =>
  records.map((record) => (record.kind === 'document' ? record.document : record.reason));

const bson = (documents: readonly Document[]): Buffer =>
  Buffer.concat(documents.map((document) => serialize(document)));

/** Created as normal: what the dates of the export mean is in `created_at`. */
const exported = (relaxed: boolean) =>
  DOCUMENTS.map((document) => EJSON.stringify(document, { relaxed }));

test.each([
  ['lines.json', exported(false).join('\n')],
  ['windows.json', `\uFEFF${exported(false).join('\r\n')}\r\n`],
  ['list.json', `[${exported(false).join(',\n')}]\n`],
  [
    'pretty.json',
    exported(false)
      .map((line) => JSON.stringify(JSON.parse(line), undefined, 2))
      .join('\n'),
  ],
  ['packed.json.gz', gzipSync(exported(false).join('\n'))],
])('an export as %s', async (name, content) => {
  expect(documentsIn(await read(await put(name, content)))).toEqual(PLAIN);
});

test('relaxed JSON and that of version 1 mean the same', async () => {
  const first = {
    _id: { $oid: '64f1a2b3c4d5e6f708192a3b' },
    workflow_id: 'wf-1',
    created_at: { $date: '2024-05-01T06:00:00.000Z' },
    rows: { $numberLong: '9007199254740993' },
    count: 12,
    price: { $numberDecimal: '1.10' },
    text: 'ø "quoted" \\ {[\n',
    list: [1, 2.5, null, true],
  };
  const relaxed = JSON.parse(exported(true)[1] ?? '') as object;
  const path = await put('relaxed.json', `${JSON.stringify(first)}\n${JSON.stringify(relaxed)}`);
  expect(documentsIn(await read(path))).toEqual(PLAIN);
});

test('a dump in folders, packed or not; other collections stay out', async () => {
  await put('dump/app/workflow.bson', bson(DOCUMENTS));
  await put('dump/app/jobRun.bson.gz', gzipSync(bson([{ jobRunId: 'j', workflows: [] }])));
  await put('dump/app/users.bson', bson([{ name: 'x' }]));
  await put('dump/app/workflow.metadata.json', '{}');
  const records = await read(join(folder, 'dump'));
  expect(documentsIn(records)).toEqual([...PLAIN, { jobRunId: 'j', workflows: [] }]);
  expect(records.map(({ collection }) => collection)).toEqual(['workflow', 'workflow', 'jobRun']);
  await expect(
    read(await put('empty/readme.txt', '').then(() => join(folder, 'empty'))),
  ).rejects.toThrow('holds none of workflow.bson, jobRun.bson');
});

const END = Buffer.from([0xff, 0xff, 0xff, 0xff]);

/** An archive as mongodump writes it: the documents of two collections between each other. */
function archive(change: { sum?: bigint } = {}): Buffer {
  const header = (collection: string, isEnd: boolean, sum: bigint) =>
    serialize({ db: 'app', collection, EOF: isEnd, CRC: Long.fromBigInt(sum) });
  const sumOf = (documents: readonly Document[]) => {
    const sum = new Crc64();
    for (const document of documents) sum.add(serialize(document));
    return sum.value();
  };
  const users = [{ name: 'a' }, { name: 'b' }];
  return Buffer.concat([
    Buffer.from([0x6d, 0xe2, 0x99, 0x81]),
    serialize({
      concurrent_collections: 4,
      version: '0.1',
      server_version: '7.0',
      tool_version: '100',
    }),
    serialize({ db: 'app', collection: 'workflow', metadata: '{}', size: 1 }),
    serialize({ db: 'app', collection: 'users', metadata: '{}', size: 1 }),
    END,
    header('workflow', false, 0n),
    serialize(DOCUMENTS[0] ?? {}),
    END,
    header('users', false, 0n),
    bson(users),
    END,
    header('workflow', false, 0n),
    serialize(DOCUMENTS[1] ?? {}),
    END,
    header('workflow', true, change.sum ?? sumOf(DOCUMENTS)),
    END,
    header('users', true, sumOf(users)),
    END,
  ]);
}

test('an archive, packed or not, is read and its sums are checked', async () => {
  expect(documentsIn(await read(await put('app.archive', archive())))).toEqual(PLAIN);
  expect(documentsIn(await read(await put('app.gz', gzipSync(archive()))))).toEqual(PLAIN);
  await expect(read(await put('wrong.archive', archive({ sum: 7n })))).rejects.toThrow(
    'the sum of app.workflow is not that of its documents',
  );
});

test('the sum is the CRC-64 that archives have', () => {
  const sum = new Crc64();
  sum.add(Buffer.from('123456789'));
  // The check value of CRC-64/XZ, which is Go's ECMA table.
  expect(BigInt.asUintN(64, sum.value())).toBe(0x995dc9bbdf1939fan);
});

test('wherever an archive or a dump is cut off, it is said', async () => {
  const whole = archive();
  for (let length = 5; length < whole.length; length += 97) {
    const path = await put('cut.archive', whole.subarray(0, length));
    await expect(read(path), `cut at ${length}`).rejects.toMatchObject({
      code: 'ARGUMENT_INVALID',
    });
  }
  const path = await put('workflow.bson', bson(DOCUMENTS).subarray(0, -3));
  await expect(read(path)).rejects.toThrow('ends within a document');
  const torn = await put('torn.json.gz', gzipSync('{"a": 1}\n'.repeat(1_000)).subarray(0, 40));
  await expect(read(torn)).rejects.toMatchObject({ code: 'ARGUMENT_INVALID' });
});

test('a broken line, document or type spoils no other', async () => {
  const lines = ['{"a": 1}', '{"a": ', '[1]', `{"a": "${'x'.repeat(2_000_000)}"}`, '{"a": 2}'];
  const records = await read(await put('some.json', lines.join('\n')));
  expect(records.map(({ kind, place }) => `${place} ${kind}`)).toEqual([
    'line 1 document',
    'line 2 unreadable',
    'line 3 unreadable',
    'line 4 unreadable',
    'line 5 document',
  ]);
  const broken = Buffer.from(serialize({ a: 'text' }));
  broken[4] = 0x7f - 1;
  const mixed = await put(
    'x/workflow.bson',
    Buffer.concat([bson([{ a: 1 }]), broken, bson([{ a: 2 }])]),
  );
  expect((await read(mixed)).map(({ kind }) => kind)).toEqual([
    'document',
    'unreadable',
    'document',
  ]);
});

test('a server that is not there is said without its password', async () => {
  const address = 'mongodb://reader:hunter2@127.0.0.1:1/app?serverSelectionTimeoutMS=200';
  const source = await openMongoSource(address, { collections: ['workflow'] });
  expect(source.name).not.toContain('hunter2');
  await expect(all(source.records())).rejects.toMatchObject({
    code: 'SERVICE_UNAVAILABLE',
    message: expect.not.stringContaining('hunter2'),
  });
}, 20_000);

const LIVE = process.env['FLOE_TEST_MONGODB_URL'] ?? '';
test.skipIf(LIVE === '')(
  'a live server gives the same documents (skipped: FLOE_TEST_MONGODB_URL names no MongoDB)',
  async () => {
    await using client = new MongoClient(LIVE);
    const database = `floe_test_${process.pid}`;
    const db = client.db(database);
    // Some servers of this protocol have no decimals and no such names.
    const simple = DOCUMENTS.map(({ _id, price: _price, nested: _nested, ...rest }) => rest);
    await db.collection('workflow').insertMany(simple);
    try {
      const source = await openMongoSource(LIVE, { collections: ['workflow', 'jobRun'], database });
      const found = documentsIn(await all(source.records()));
      expect(found).toMatchObject(
        PLAIN.map(({ _id, price: _price, nested: _nested, ...rest }) => rest),
      );
    } finally {
      await db.dropDatabase();
    }
  },
);
