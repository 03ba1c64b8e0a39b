import { startTestPostgres, type TestPostgres } from '@floe/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCommandLine } from '../src/command-line.ts';
import { createRecordingTerminal } from './recording-terminal.ts';

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startTestPostgres();
});

afterAll(() => postgres.stop());

function migrate(env: Record<string, string>) {
  return db(['migrate'], env);
}

async function db(words: readonly string[], env: Record<string, string>) {
  const terminal = createRecordingTerminal();
  const code = await runCommandLine(['db', ...words, '--json'], { terminal, env });
  return { code, document: JSON.parse(terminal.stdout()) as Record<string, unknown> };
}

test('makes the tables once, and says so the second time', async () => {
  const env = { FLOE_DATABASE_URL: await postgres.createDatabase('control') };
  const first = await migrate(env);
  expect(first.code).toBe(0);
  expect(first.document['applied']).toContain('0004_runs.sql');
  expect(await migrate(env)).toEqual({ code: 0, document: { applied: [] } });
});

test('says before what it would do, and afterwards that it is done', async () => {
  const env = { FLOE_DATABASE_URL: await postgres.createDatabase('planned') };
  const plan = await db(['migrate', '--dry-run'], env);
  expect(plan.code).toBe(0);
  const pending = plan.document['pending'] as readonly { name: string; locks: unknown }[];
  expect(pending.find(({ name }) => name === '0056_history_is_divided.sql')).toMatchObject({
    isBreaking: true,
    locks: expect.arrayContaining([{ table: 'floe.run', holdsUp: 'everybody' }]),
  });
  expect((await db(['status'], env)).code).toBe(1);
  await migrate(env);
  expect((await db(['migrate', '--dry-run'], env)).document).toEqual({ pending: [] });
  const { code, document } = await db(['status'], env);
  expect(code).toBe(0);
  const migrations = document['migrations'] as readonly { state: string }[];
  expect(new Set(migrations.map(({ state }) => state))).toEqual(new Set(['applied']));
});

test('without an address says how to give one', async () => {
  const { code, document } = await migrate({});
  expect(code).toBe(2);
  expect(document).toMatchObject({ error: { code: 'CONFIGURATION_INVALID' } });
});

test('says that a database does not answer, without its password', async () => {
  const env = { FLOE_DATABASE_URL: 'postgres://floe:hunter2@127.0.0.1:1/floe' };
  const { code, document } = await migrate(env);
  expect(code).not.toBe(0);
  expect(document).toMatchObject({ error: { code: 'DATABASE_UNAVAILABLE' } });
  expect(JSON.stringify(document)).not.toContain('hunter2');
});
