/** Files that are not what they say: each is one error with file, line and column, and without what is masked. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { FloeError } from '@floe/errors';
import { parseDataType, type Schema } from '@floe/expression';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { datasetFromFiles, fileFromDataset, type ReadFilesOptions } from '../src/index.ts';
import { formatOfName } from '../src/files/file-format.ts';

let folder: string;
let output: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-faults-'));
  output = join(folder, 'out.ipc');
});
afterAll(() => rm(folder, { recursive: true }));

// More than Polars reads to infer types, so that it meets the fault in the middle.
const ROWS = 12_000;
const BAD_LINE = 11_500;
const SCHEMA: Schema = ['id: Int64', 'name: String', 'amount: Float64'].map((text) => {
  const [name, type] = text.split(': ');
  return { name: name!, type: parseDataType(type!)! };
});

/** The header is line 1; quoted line ends move the lines of what follows. */
function csvWith(line: string): string {
  const lines = Array.from({ length: ROWS }, (_, index) => `${index + 2},"n,${index}",0.5`);
  lines[BAD_LINE - 2] = line;
  return `id,name,amount\n${lines.join('\n')}\n`;
}

function ndjsonWith(line: string): string {
  const lines = Array.from({ length: ROWS }, (_, id) => `{"id":${id},"name":"n","amount":0.5}`);
  lines[BAD_LINE - 1] = line;
  return `${lines.join('\n')}\n`;
}

const latin1 = (text: string) => Buffer.from(text, 'latin1');

async function failureOf(
  name: string,
  bytes: string | Buffer,
  given: Partial<ReadFilesOptions> = {},
) {
  const path = join(folder, name);
  await writeFile(path, bytes);
  const options = { format: formatOfName(name).format!, output, ...given };
  const error: FloeError = await datasetFromFiles([path], options).then(
    () => expect.fail('it was read'),
    (thrown) => thrown,
  );
  expect(error.code).toBe('FILE_INVALID');
  expect(error.details['file']).toBe(path);
  expect(error.hint).toBeDefined();
  expect(existsSync(output)).toBe(false);
  const { line, column } = error.details;
  return { line, column, message: error.message.replace(path, 'FILE'), hint: error.hint };
}

test.each([
  ['more.csv', csvWith('1,a,2,c,"d"'), 'has 5 fields, and the file 3 columns: "1,a,2,c,\\"d\\""'],
  ['less.csv', csvWith('1,a'), 'has 2 fields, and the file 3 columns: "1,a"'],
  ['less.csv.zst', zstdCompressSync(csvWith('1,a')), 'has 2 fields, and the file 3 columns: "1,a"'],
  ['more.csv.gz', gzipSync(csvWith('1,a,2,c')), 'has 4 fields, and the file 3 columns: "1,a,2,c"'],
  ['quote.csv', csvWith('1,"a,2'), /^(opens a quote|has \d+ fields?, and the file 3 columns)/],
  ['cut.ndjson', ndjsonWith('{"id": 1, "na'), 'ends in the middle of its JSON'],
  [
    'key.ndjson',
    ndjsonWith('{"id":1,name:2}'),
    'is no JSON at character 9, near "{\\"id\\":1,name:2}"',
  ],
  [
    'key.ndjson.gz',
    gzipSync(ndjsonWith('{"id":1,,}')),
    'is no JSON at character 9, near "{\\"id\\":1,,}"',
  ],
  ['list.ndjson', ndjsonWith('[1, 2]'), 'is an array, and no JSON object'],
  [
    'latin.ndjson',
    latin1(ndjsonWith('{"id":1,"name":"\xe9"}')),
    'is not UTF-8: byte 0xe9 at place 17 of the line',
  ],
])('%s names its line', async (name, bytes, says) => {
  const { line, message } = await failureOf(name, bytes);
  expect(line).toBe(String(BAD_LINE));
  const [place, reason] = message.split(`FILE, line ${BAD_LINE} `);
  expect(place).toBe('');
  if (typeof says === 'string') expect(reason).toBe(says);
  else expect(reason).toMatch(says);
});

test.each([
  ['type.csv', csvWith('eleven,a,2'), 'id', 'holds "eleven", which is no Int64'],
  [
    'latin.csv',
    latin1(csvWith('1,caf\xe9,2')),
    'name',
    'is not UTF-8: byte 0xe9 at place 6 of the line',
  ],
  [
    'type.ndjson',
    ndjsonWith('{"id":1,"amount":"much"}'),
    'amount',
    'holds "much", which is no Float64',
  ],
])(
  '%s names line and column, whether the types are declared or not',
  async (name, bytes, column, says) => {
    for (const schema of [undefined, SCHEMA]) {
      const failure = await failureOf(name, bytes, schema && { schema });
      expect(failure).toMatchObject({ line: String(BAD_LINE), column });
      expect(failure.message).toBe(`FILE, line ${BAD_LINE}, column "${column}" ${says}`);
    }
  },
);

test('line ends within quotes count as lines', async () => {
  const { line } = await failureOf('quoted.csv', 'a,b\n1,"x\n""y"\n2,"z\n\n"\n3,4,5\n');
  expect(line).toBe('7');
});

test.each([
  [
    'type.csv',
    csvWith('hunter2,a,2'),
    'line 11500, column "id" holds a masked value, which is no Int64',
  ],
  ['more.csv', csvWith('hunter2,a,2,3'), 'line 11500 has 4 fields, and the file 3 columns'],
  ['less.csv', csvWith('hunter2'), 'line 11500 has 1 field, and the file 3 columns'],
  ['key.ndjson', ndjsonWith('{"id":"hunter2",x}'), 'line 11500 is no JSON at character 17'],
  [
    'type.ndjson',
    ndjsonWith('{"id":"hunter2"}'),
    'line 11500, column "id" holds a masked value, which is no Int64',
  ],
])('%s shows no value of a masked column', async (name, bytes, says) => {
  const failure = await failureOf(name, bytes, { isMasked: (column) => column === 'id' });
  expect(failure.message).toBe(`FILE, ${says}`);
  expect(JSON.stringify(failure)).not.toContain('hunter2');
});

test('short lines are filled on request', async () => {
  const path = join(folder, 'filled.csv');
  await writeFile(path, csvWith('1,a'));
  const csv = { fillsShortLines: true };
  expect(await datasetFromFiles([path], { format: 'csv', csv, output })).toMatchObject({
    rows: ROWS,
  });
  await rm(output);
});

test('lines whose last fields are empty are whole', async () => {
  const path = join(folder, 'empty-fields.csv');
  await writeFile(path, 'a,b\n1,\n2,""\n,\n"x,y",');
  expect(await datasetFromFiles([path], { format: 'csv', output })).toMatchObject({ rows: 4 });
  await rm(output);
});

test('a file that is packed and breaks off says how far it can be read', async () => {
  const packed = gzipSync(csvWith('1,a,2'));
  const { message, line } = await failureOf('off.csv.gz', packed.subarray(0, packed.length / 2));
  expect(message).toMatch(/is the last that can be unpacked: what follows is damaged or missing$/);
  expect(Number(line)).toBeGreaterThan(1);
});

test.each(['parquet', 'arrow'] as const)(
  'a file of %s that is cut off, or none at all',
  async (format) => {
    const path = join(folder, `whole.${format}`);
    await writeFile(join(folder, 'rows.csv'), csvWith('1,a,2'));
    await datasetFromFiles([join(folder, 'rows.csv')], { format: 'csv', output });
    await fileFromDataset(output, { path, runId: 'x', epoch: 1 }, { format, compression: 'none' });
    await rm(output);
    const whole = await readFile(path);
    const cut = await failureOf(`cut.${format}`, whole.subarray(0, 1000));
    expect(cut.message).toMatch(
      /^FILE is cut off: it begins as \w+ and breaks off after 1000 bytes$/,
    );
    const other = await failureOf(`other.${format}`, '<html>not found</html>');
    expect(other.message).toMatch(/it is no (Parquet|Arrow) file: it looks like HTML or XML$/);
    expect((await failureOf(`empty.${format}`, '')).message).toMatch(/it is empty$/);
  },
);

test.each([
  ['blank.csv', 'a,b\n1,2\n\n3,4\n', 'FILE, line 3 is empty'],
  ['blank-end.csv', 'a,b\r\n1,2\r\n\r\n', 'FILE, line 3 is empty'],
  ['empty.csv', '', 'FILE is empty'],
  ['empty.ndjson', '', 'FILE is empty'],
  ['marked.ndjson', '\ufeff{"a":1}\n', 'FILE begins with a byte order mark, as no JSON may'],
  ['return.csv', 'a,b\r1,2\r', 'FILE ends its lines with CR alone'],
  ['header.csv', latin1('caf\xe9,b\n1,2\n'), 'FILE, line 1 is not UTF-8'],
])('%s is refused in words', async (name, bytes, says) => {
  expect((await failureOf(name, bytes)).message).toBe(says);
});

test('an empty NDJSON file has no rows where its columns are declared', async () => {
  const path = join(folder, 'no-rows.ndjson');
  await writeFile(path, '');
  const facts = await datasetFromFiles([path], { format: 'ndjson', schema: SCHEMA, output });
  expect(facts).toMatchObject({ rows: 0, schema: SCHEMA });
  await rm(output);
});

test('the wrong one of many columns is named', async () => {
  const names = Array.from({ length: 3_000 }, (_, index) => `c${index}`);
  const schema = names.map((name) => ({ name, type: parseDataType('Int64')! }));
  const line = names.map((_, index) => (index === 2_345 ? 'x' : '1'));
  const lines = `${names.join(',')}\n${line.join(',')}\n`;
  const failure = await failureOf('wide-faults.csv', lines, { schema });
  expect(failure).toMatchObject({ line: '2', column: 'c2345' });
});

test.each(['csv', 'ndjson'] as const)(
  '%s with integers beyond 64 bits says which',
  async (format) => {
    const path = join(folder, `huge.${format}`);
    const huge = '123456789012345678901234567890';
    await writeFile(path, format === 'csv' ? `id,n\n1,${huge}\n` : `{"id":1,"n":${huge}}\n`);
    await expect(datasetFromFiles([path], { format, output })).rejects.toMatchObject({
      code: 'TYPE_UNSUPPORTED',
      message: `${path} cannot be read: column "n" holds 128-bit integers, which datasets cannot`,
      details: { file: path, column: 'n' },
    });
    await rm(output, { force: true });
  },
);

test('a file in UTF-16 says so', async () => {
  const { message } = await failureOf('wide.csv', Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'));
  expect(message).toBe('FILE is UTF-16, and text files have to be UTF-8');
});
