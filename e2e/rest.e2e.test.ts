/** A Floe that requires tokens, as its administrator and its callers use it. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createFloeClient } from '@floe/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
