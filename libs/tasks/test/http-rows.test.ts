/**
 * Rows of an input as bodies of requests, against a real server. It hunts rows that are sent in no request or in two
 * different ones, keys that say too little, and work that goes on after a batch was refused.
 */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { datasetFromFiles, previewDataset } from '@floe/frame';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RUNNERS } from '../src/run.ts';
import type { TaskInput } from '../src/runner.ts';
import { type HttpServer, startHttpServer } from './http-server.ts';
import { createContext } from './task-context.ts';

let folder: string;
let server: HttpServer;
let serial = 0;

const address = { host: 'nowhere', port: 1, database: 'd', user: 'u', password: 'p' };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-http-rows-'));
  server = await startHttpServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function inputOf(lines: readonly string[]): Promise<TaskInput> {
  const source = join(folder, `source-${++serial}.ndjson`);
  const output = join(folder, `input-${serial}.ipc`);
  await writeFile(source, lines.map((line) => `${line}\n`).join(''));
  const schema = lines.length === 0 && [{ name: 'id', type: { kind: 'int64' } } as const];
  const facts = await datasetFromFiles([source], {
    format: 'ndjson',
    output,
    ...(schema && { schema }),
  });
  return { taskId: 'source', dataset: { uri: pathToFileURL(output).href, ...facts } };
}

const numbered = (count: number) =>
  inputOf(Array.from({ length: count }, (_, index) => `{"id":${index}}`));

function contextOf(
  input: TaskInput,
  config: Record<string, unknown>,
  given: Partial<Parameters<typeof createContext>[0]> = {},
) {
  return createContext({
    folder,
    address,
    httpHosts: ['127.0.0.1'],
    inputs: [input],
    runId: 'r',
    taskId: 'tell',
    ...given,
    config: { method: 'POST', url: `${server.origin}/x`, ...config },
  });
}

const bodies = () => server.seen.map(({ body }) => body);
const keys = () => server.seen.map(({ headers }) => String(headers['idempotency-key']));
const refuseSecond: Parameters<HttpServer['answerWith']>[0] = (response) =>
  void response.writeHead(server.seen.length === 2 ? 422 : 200).end();

test.each([
  [{ send: 'json', batch: 2 }, ['[{"id":0},{"id":1}]', '[{"id":2}]'], 'application/json'],
  [{ send: 'json', within: 'a"b' }, ['{"a\\"b":[{"id":0},{"id":1},{"id":2}]}'], 'application/json'],
  [{ send: 'ndjson', batch: 2 }, ['{"id":0}\n{"id":1}\n', '{"id":2}\n'], 'application/x-ndjson'],
  [{ send: 'row' }, ['{"id":0}', '{"id":1}', '{"id":2}'], 'application/json'],
])('sends rows as %j', async (config, wanted, type) => {
  server.answerWith((response) => void response.end('ok'));
  const context = contextOf(await numbered(3), config);
  expect(await RUNNERS['http']!(context)).toEqual({ rows: 3, bytes: 2 * wanted.length });
  expect(bodies()).toEqual(wanted);
  expect(server.seen[0]!.headers['content-type']).toBe(type);
  expect(context.updates.at(-1)).toMatchObject({ rows: 3, share: 1 });
  expect(new Set(keys()).size).toBe(wanted.length);
});

test('all digits and all letters arrive, also those that some take for line breaks', async () => {
  server.answerWith((response) => void response.end());
  const rows = [{ big: 'BIG', text: 'a\u2028b\u0085c\r\nd\u0000é🦆' }];
  const line = JSON.stringify(rows[0]).replace('"BIG"', '9007199254740993');
  await RUNNERS['http']!(contextOf(await inputOf([line]), { send: 'json' }));
  expect(server.seen).toHaveLength(1);
  expect(server.seen[0]!.body).toContain('"big":9007199254740993');
  expect(JSON.parse(server.seen[0]!.body)).toMatchObject([{ text: rows[0]!.text }]);
});

test('an input without rows sends nothing', async () => {
  server.answerWith((response) => void response.end());
  const context = contextOf(await numbered(0), { send: 'json' });
  expect(await RUNNERS['http']!(context)).toEqual({ rows: 0, bytes: 0 });
  expect(server.seen).toEqual([]);
});

test('a batch has the same key in every attempt, and another one when its rows are others', async () => {
  const input = await numbered(5);
  const config = { send: 'json', batch: 2 };
  server.answerWith(refuseSecond);
  const first = RUNNERS['http']!(contextOf(input, config, { epoch: 1 }));
  await expect(first).rejects.toMatchObject({
    code: 'HTTP_REFUSED',
    message: `POST ${server.origin}/x with rows 3 to 4 answered 422`,
  });
  const before = keys();
  expect(before).toHaveLength(2);
  server.answerWith((response) => void response.end());
  await RUNNERS['http']!(contextOf(input, config, { epoch: 2 }));
  expect(keys().slice(0, 2)).toEqual(before);
  expect(keys()[0]).toMatch(/^r\/tell\/0-[0-9a-f]{16}$/);
  server.answerWith((response) => void response.end());
  const remade = await inputOf(['{"id":0}', '{"id":7}', '{"id":2}', '{"id":3}']);
  await RUNNERS['http']!(contextOf(remade, config, { epoch: 3 }));
  expect(keys()[0]).not.toBe(before[0]);
  expect(keys()[1]).toBe(before[1]);
});

test('what a server says of rows with masked columns is not repeated', async () => {
  server.answerWith((response, { body }) =>
    response.writeHead(422, { 'content-type': 'text/plain' }).end(`wrong: ${body}`),
  );
  const input = await inputOf(['{"id":1,"salary":"canary-0815"}']);
  const messageOf = (masked: readonly string[]) =>
    RUNNERS['http']!(contextOf(input, { send: 'json' }, { masked })).catch((thrown: unknown) =>
      String(thrown),
    );
  expect(await messageOf([])).toContain('canary-0815');
  expect(await messageOf(['salary'])).toMatch(/answered 422$/);
});

test('rows that are together too large for one body go into several', async () => {
  server.answerWith((response) => void response.end());
  const long = 'x'.repeat(3 * 1024 ** 2);
  const lines = [0, 1, 2].map((id) => `{"id":${id},"text":"${long}"}`);
  await RUNNERS['http']!(contextOf(await inputOf(lines), { send: 'json' }));
  const sent = bodies().map((body) => (JSON.parse(body) as { id: number }[]).map(({ id }) => id));
  expect(sent).toEqual([[0, 1], [2]]);
});

test('several requests are under way at once, and answers keep their order', async () => {
  const held: (() => void)[] = [];
  server.answerWith((response, { body }) => {
    held.push(() => void response.end(`{"got":${(JSON.parse(body) as { id: number }).id}}`));
    // The last of three that came answers first.
    if (held.length === 3 || server.seen.length === 7)
      for (const answer of held.splice(0).toReversed()) answer();
  });
  const context = contextOf(await numbered(7), { send: 'row', parallel: 3, format: 'json' });
  const { rows } = await RUNNERS['http']!(context);
  expect(rows).toBe(7);
  const { rows: values } = await previewDataset(context.outputPath, 10);
  expect(values).toEqual([0, 1, 2, 3, 4, 5, 6].map((id) => [id]));
});

test('requests share connections, also where the server closes one between two of them', async () => {
  const answered = new Map<number, number>();
  server.answerWith((response) => {
    const port = response.socket!.remotePort!;
    const times = (answered.get(port) ?? 0) + 1;
    answered.set(port, times);
    // The third on a connection meets its end, as if it had been closed while the request was on its way.
    if (times === 3) return void response.socket!.destroy();
    response.end('ok');
  });
  expect(await RUNNERS['http']!(contextOf(await numbered(5), { send: 'row' }))).toMatchObject({
    rows: 5,
  });
  expect(bodies()).toEqual([0, 1, 2, 2, 3, 4].map((id) => `{"id":${id}}`));
  // The first, the new one for what was cut, and the one after it.
  expect([...answered.values()]).toEqual([3, 1, 2]);
});

test('a batch that is refused stops all others, and the server sees those cut off', async () => {
  const closed = Promise.withResolvers<void>();
  server.answerWith((response, { body }) => {
    if (body === '{"id":0}') return void response.writeHead(422).end();
    response.on('close', closed.resolve);
  });
  const context = contextOf(await numbered(50), { send: 'row', parallel: 4 });
  await expect(RUNNERS['http']!(context)).rejects.toMatchObject({ code: 'HTTP_REFUSED' });
  expect(server.seen.length).toBeLessThan(6);
  await closed.promise;
});

test.each([
  ['ndjson', '{"a":1}\n{"a":2}', [[1], [2], [1], [2]]],
  ['json', '{"items":[{"a":1}]}', [[1], [1]]],
])('answers of %s become one dataset', async (format, answer, wanted) => {
  server.answerWith((response) => void response.end(answer));
  const config = { send: 'json', batch: 1, format, ...(format === 'json' && { rows: 'items' }) };
  const context = contextOf(await numbered(2), config);
  await RUNNERS['http']!(context);
  expect((await previewDataset(context.outputPath, 10)).rows).toEqual(wanted);
  const left = (await readdir(folder)).filter((name) => /\.(?:rows|answer)/.test(name));
  expect(left).toEqual([]);
});

test('answers that are together more than is kept are not taken', async () => {
  server.answerWith((response) => void response.end(`{"a":"${'x'.repeat(600 * 1024)}"}`));
  const config = { send: 'row', format: 'json', response_limit: '1MiB' };
  await expect(RUNNERS['http']!(contextOf(await numbered(3), config))).rejects.toMatchObject({
    code: 'HTTP_ANSWER_TOO_LARGE',
  });
  expect(server.seen).toHaveLength(2);
});

test('a cancel ends the request that waits, and nothing more is sent', async () => {
  const closed = Promise.withResolvers<void>();
  server.answerWith((response) => void response.on('close', closed.resolve));
  const cancel = new AbortController();
  const asked = server.nextRequest();
  const context = contextOf(await numbered(9), { send: 'row' }, { signal: cancel.signal });
  const outcome = expect(RUNNERS['http']!(context)).rejects.toMatchObject({ code: 'CANCELLED' });
  await asked;
  cancel.abort();
  await outcome;
  await closed.promise;
  expect(server.seen).toHaveLength(1);
});
