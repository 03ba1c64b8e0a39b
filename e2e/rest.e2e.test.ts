/** A Floe that requires tokens, as its administrator and its callers use it. */
import { readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createFloeClient } from '@floe/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerChecker } from './support/fuzz/check-answers.ts';
import { fuzzRest } from './support/fuzz/fuzz-rest.ts';
import type { OpenApi } from './support/fuzz/requests.ts';
import { startTestFloe, type TestFloe } from './support/test-floe.ts';

let floe: TestFloe;
let admin: string;

beforeAll(async () => {
  floe = await startTestFloe({ executors: 1, slots: 1, env: { FLOE_TOKENS: 'required' } });
  const path = join(floe.stateDir, 'first-admin-token');
  admin = (await readFile(path, 'utf8')).trim();
  await rm(path);
});

afterAll(() => floe?.[Symbol.asyncDispose]());

const DOCUMENT = 'name: quick\ntasks:\n  a: { type: noop }\n';

describe('tokens', () => {
  const command = (words: readonly string[], token: string, input = '') =>
    floe.floe(words, { env: { FLOE_TOKEN: token }, input });

  test('without one nothing is answered, and the command says what to do', async () => {
    await expect(floe.client.listRuns()).rejects.toMatchObject({ code: 'TOKEN_MISSING' });
    const { code, stderr } = await floe.floe(['runs', 'list']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/TOKEN_MISSING/);
    expect(stderr).toMatch(/FLOE_TOKEN/);
  });

  test('each does what its scope says, and the log tells who did it', async () => {
    const made = await command(['tokens', 'create', 'ci', '--scope', 'write'], admin);
    expect(made.code, made.stderr).toBe(0);
    const ci = made.stdout.trim();
    expect(ci).toMatch(/^floe_[0-9A-Za-z]{49}$/);
    expect((await command(['apply', '-f', '-'], ci, DOCUMENT)).code).toBe(0);
    expect((await command(['run', 'quick'], ci)).code).toBe(0);
    const refused = await command(['tokens', 'list'], ci);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/SCOPE_INSUFFICIENT/);

    const audit = await command(['audit', '--actor', 'token:ci', '--json'], admin);
    const { entries } = JSON.parse(audit.stdout) as {
      entries: { action: string; object: string }[];
    };
    expect(entries).toMatchObject([
      { action: 'startRun', object: expect.stringMatching(/^runs\/[0-9a-f-]{36}$/), status: 200 },
      { action: 'applyWorkflow', object: 'workflows/quick', status: 200 },
    ]);

    expect((await command(['tokens', 'revoke', 'ci'], admin)).code).toBe(0);
    const after = await command(['runs', 'list'], ci);
    expect(after.stderr).toMatch(/TOKEN_REVOKED/);
    const listed = await command(['tokens', 'list'], admin);
    expect(listed.stdout).toMatch(/ci +write +revoked/);
    expect(listed.stdout).not.toContain(ci);
  });

  test('an event stream takes a token as every request does', async () => {
    const client = createFloeClient({ baseUrl: floe.endpoints.gateway, token: admin });
    const { run } = await client.startRun({ workflowName: 'quick' });
    const events: string[] = [];
    for await (const update of client.watchRun(run.runId)) events.push(update.kind);
    expect(events).toContain('event');
    const anonymous = floe.client.watchRun(run.runId);
    await expect(anonymous.next()).rejects.toMatchObject({ code: 'TOKEN_MISSING' });
  });
});

// The same on every machine; another one, and more of it: FUZZ_SEED=7 FUZZ_ROUNDS=500
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_127);
const ROUNDS = Number(process.env['FUZZ_ROUNDS'] ?? 25);

describe('whatever is sent to whatever route', () => {
  test(`is answered well, with seed ${SEED} and ${ROUNDS} requests to each`, async () => {
    const client = createFloeClient({ baseUrl: floe.endpoints.gateway, token: admin });
    await client.applyWorkflow(DOCUMENT);
    const { run } = await client.startRun({ workflowName: 'quick' });
    const response = await fetch(`${floe.endpoints.gateway}/api/openapi.json`);
    const api = (await response.json()) as OpenApi;
    const known = {
      run_id: run.runId,
      runId: run.runId,
      name: 'quick',
      workflow_name: 'quick',
      workflowName: 'quick',
      task_id: 'a',
      schedule_id: 'quick/daily',
      source: DOCUMENT,
      scope: 'run',
      'if-match': '"1"',
    };
    const { sent, statuses, faults } = await fuzzRest(api, {
      baseUrl: floe.endpoints.gateway,
      token: admin,
      known,
      seed: SEED,
      rounds: ROUNDS,
      inspect: answerChecker(api),
    });
    console.log(`${sent} requests, by status: ${JSON.stringify(statuses)}`);
    expect(faults).toEqual([]);
    // Neither everything refused nor everything taken: then it would say nothing.
    expect(statuses['200']).toBeGreaterThan(sent / 20);
    expect(statuses['400']).toBeGreaterThan(sent / 20);
    await client.checkReady();
  }, 600_000);

  test.each([
    ['no HTTP', 'hello\r\n\r\n', /^HTTP\/1.1 400 [^{]*application\/problem\+json/],
    ['a header without an end', `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}`, /^HTTP\/1.1 431 /],
    ['two lengths', post('content-length: 2\r\ncontent-length: 3', '{}'), /^HTTP\/1.1 400 /],
    [
      'a length and chunks',
      post('content-length: 2\r\ntransfer-encoding: chunked', '{}'),
      /^HTTP\/1.1 400 /,
    ],
    ['chunks that are none', post('transfer-encoding: chunked', 'zz\r\n'), /^HTTP\/1.1 400 /],
    [
      'a body that breaks off',
      post('content-length: 100', '{"workflowName":'),
      /^(HTTP\/1.1 400 |$)/,
    ],
  ])('%s on the wire ends the connection and nothing else', async (_, text, wanted) => {
    const { port, hostname } = new URL(floe.endpoints.gateway);
    const words = text.replace('TOKEN', admin);
    expect(await sayAndHangUp(hostname, Number(port), words)).toMatch(wanted);
    await createFloeClient({ baseUrl: floe.endpoints.gateway, token: admin }).checkReady();
  });
});

function post(headers: string, body: string): string {
  return `POST /api/v1/runs HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer TOKEN\r\ncontent-type: application/json\r\n${headers}\r\n\r\n${body}`;
}

function sayAndHangUp(host: string, port: number, words: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect({ host, port, allowHalfOpen: true }, () => socket.end(words));
    socket.setTimeout(10_000, () => socket.destroy(new Error('the gateway keeps the connection')));
    socket.on('data', (part) => {
      heard += String(part);
    });
    socket.once('error', reject);
    socket.once('close', () => resolve(heard));
  });
}
