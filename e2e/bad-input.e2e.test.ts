/** Bad input as a user gives it, through the command: place, cause, mend, the right exit code, nothing half stored. */
import { createServer } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommandResult } from './support/command.ts';
import { freePortBase } from './support/port-base.ts';
import { prepareConnections } from './support/prepare-connections.ts';
import { runFloe, startTestFloe, type TestFloe } from './support/test-floe.ts';

let floe: TestFloe;
let files: string;

beforeAll(async () => {
  files = await mkdtemp(join(tmpdir(), 'floe-e2e-files-'));
  floe = await startTestFloe({ executors: 1, slots: 1, env: { FLOE_FILES_DIR: files } });
  await prepareConnections(floe);
});

afterAll(async () => {
  await floe?.[Symbol.asyncDispose]();
  await rm(files, { recursive: true, force: true });
});

function apply(document: string): Promise<CommandResult> {
  return floe.floe(['apply', '-f', '-'], { input: document });
}

/** Applies a document that is right, and runs it. */
async function run(name: string, document: string, words: readonly string[] = []) {
  const applied = await apply(document);
  expect(applied.code, applied.stderr).toBe(0);
  return floe.floe(['run', name, ...words]);
}

describe('a document', () => {
  const cases = [
    {
      title: 'that is not YAML',
      document: 'name: bad\ntasks: [a, b\n',
      says: [/DOCUMENT_INVALID/, /stdin:\d+:\d+/],
    },
    {
      title: 'with a cycle',
      document:
        'name: bad\ntasks:\n  a: { type: noop, needs: [b] }\n  b: { type: noop, needs: [a] }\n',
      says: [/cycle/i, /a.*b|b.*a/, /stdin:\d+:\d+/],
    },
    {
      title: 'that names a missing input',
      document:
        'name: bad\ntasks:\n  flights: { type: noop }\n  b: { type: noop, needs: [flihgts] }\n',
      says: [/flihgts/, /did you mean .?flights/i, /stdin:4:\d+/],
    },
    {
      title: 'with an unknown task type',
      document: 'name: bad\ntasks:\n  a: { type: postgres_extrakt }\n',
      says: [/postgres_extrakt/, /did you mean .?postgres_extract/i, /stdin:3:\d+/],
    },
    {
      title: 'with a duplicate key',
      document: 'name: bad\ntasks:\n  a: { type: noop }\n  a: { type: noop }\n',
      says: [/twice|duplicate|already|unique/i, /stdin:4:\d+/],
    },
    {
      title: 'with a default of the wrong type',
      document:
        'name: bad\nparams:\n  since: { type: date, default: yesterday }\ntasks:\n  a: { type: noop }\n',
      says: [/since/, /date/, /stdin:3:\d+/],
    },
    {
      title: 'with 10,001 tasks',
      document: `name: bad\ntasks:\n${Array.from({ length: 10_001 }, (_, index) => `  t${index}: { type: noop }\n`).join('')}`,
      says: [/10,?001|10,?000/, /tasks/],
    },
  ];

  test.each(cases)('$title is refused with place and mend', async ({ document, says }) => {
    const { code, stdout, stderr } = await apply(document);
    expect(code, stderr).toBe(2);
    expect(stdout).toBe('');
    for (const pattern of says) expect(stderr).toMatch(pattern);
    const { workflows } = await floe.client.listWorkflows();
    expect(workflows.map(({ name }) => name)).not.toContain('bad');
  });

  test.each(cases)('$title is refused without a server, too', async ({ document }) => {
    const folder = join(floe.stateDir, 'nothing-here');
    const words = ['validate', '-f', '-', '--state-dir', folder];
    const { code, stderr } = await runFloe(words, { input: document });
    expect(code, stderr).toBe(2);
  });

  test('gives programs the same as one JSON document', async () => {
    const words = ['apply', '-f', '-', '--json'];
    const { code, stdout } = await floe.floe(words, { input: cases[3]!.document });
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'DOCUMENT_INVALID', violations: [{ place: { line: 3 } }] },
    });
  });
});

describe('a run', () => {
  test('with a parameter of the wrong type is refused and not stored', async () => {
    const document =
      'name: with-date\nparams:\n  since: { type: date, default: 2001-01-01 }\ntasks:\n  a: { type: noop }\n';
    const { code, stderr } = await run('with-date', document, ['--param', 'since=yesterday']);
    expect(code, stderr).toBe(2);
    expect(stderr).toMatch(/since/);
    expect(stderr).toMatch(/date/);
    expect((await floe.client.listRuns({ workflowName: 'with-date' })).runs).toEqual([]);
  });

  test('with an unknown parameter says which one was meant', async () => {
    const { code, stderr } = await floe.floe(['run', 'with-date', '--param', 'sinse=2001-01-01']);
    expect(code, stderr).toBe(2);
    expect(stderr).toMatch(/since/);
  });

  test('of a workflow that is not there says so', async () => {
    const { code, stderr } = await floe.floe(['run', 'nothing-like-this']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/WORKFLOW_NOT_FOUND/);
  });

  test('whose query fails ends with what PostgreSQL says', async () => {
    const document = `name: failing-query
tasks:
  divide:
    type: postgres_extract
    connection: source
    retries: { max: 0 }
    query: select 1 / (count(*) - count(*)) as x from pg_class
`;
    const { code, stderr } = await run('failing-query', document);
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(/task divide/);
    expect(stderr).toMatch(/division by zero/);
  });

  test('of a file with a broken line names file, line and mend', async () => {
    await writeFile(join(files, 'orders.csv'), 'id,amount\n1,2.5\n2,"3\n4,5\n');
    await writeFile(join(files, 'orders.ndjson'), '{"id":1}\n{"id":2\n');
    const cases = [
      ['orders.csv', /line 3 opens a quote that nothing closes\n.*→ Close the quote/],
      ['orders.ndjson', /line 2 ends in the middle of its JSON\n.*→ Was the file cut off/],
    ] as const;
    for (const [path, says] of cases) {
      const document = `name: broken-file\ntasks:\n  read: { type: file_extract, path: ${path} }\n`;
      const { code, stderr } = await run('broken-file', document);
      expect(code, stderr).toBe(1);
      expect(stderr).toMatch(/FILE_INVALID task read/);
      expect(stderr).toMatch(says);
    }
  });

  test('into a table that is not there is refused when it is applied, with place and mend', async () => {
    const document = loadDocument('no-table', { table: 'analytics.no_such_table' });
    const { code, stderr } = await apply(document);
    expect(code, stderr).toBe(2);
    expect(stderr).toMatch(/stdin:12:\d+ tasks\.store\.table/);
    expect(stderr).toMatch(/no_such_table/);
    expect(stderr).toMatch(/→ create it first/);
    expect((await floe.client.listWorkflows({ search: 'no-table' })).workflows).toEqual([]);
  });

  test('with a value that does not fit its column names both and leaves the table as it was', async () => {
    await floe.sql('create schema if not exists analytics');
    await floe.sql('create table analytics.narrow (value integer)');
    await floe.sql('insert into analytics.narrow values (1)');
    const { code, stderr } = await run(
      'too-wide',
      loadDocument('too-wide', { table: 'analytics.narrow' }),
    );
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(/VALUE_INVALID/);
    expect(stderr).toMatch(/value/);
    expect(await floe.sql('select value from analytics.narrow')).toEqual([{ value: 1 }]);
  });
});

test('a wrong password is refused in words that hold no password', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'floe-e2e-secret-'));
  try {
    const file = join(folder, 'password');
    await writeFile(file, 'hunter2-is-wrong', { mode: 0o600 });
    const { host, port, database, username } = await floe.client.getConnection('source');
    const url = `postgres://${username}@${host}:${port}/${database}`;
    const set = await floe.floe(['connections', 'set', 'locked', url, '--secret', `file:${file}`]);
    expect(set.code, set.stderr).toBe(0);
    const tested = await floe.floe(['connections', 'test', 'locked']);
    expect(tested.code).toBe(1);
    expect(tested.stderr).toMatch(/CREDENTIALS_REFUSED/);
    const document = `name: locked-out
tasks:
  read: { type: postgres_extract, connection: locked, query: select 1 as one, retries: { max: 0 } }
`;
    const applied = await apply(document);
    const failed = applied.code === 0 ? await floe.floe(['run', 'locked-out']) : applied;
    expect([1, 2], failed.stderr).toContain(failed.code);
    expect(failed.stderr).toMatch(/CREDENTIALS_REFUSED|password/);
    for (const { stdout, stderr } of [set, tested, failed]) {
      expect(`${stdout}${stderr}`).not.toContain('hunter2-is-wrong');
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

describe('floe up', () => {
  test('on a folder where another one runs says so and harms nothing', async () => {
    const portBase = await freePortBase();
    const { code, stderr } = await floe.floe(['up', '--port-base', String(portBase)]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/FOLDER_IN_USE/);
    await floe.client.checkReady();
  });

  test('with a taken port names the port', async () => {
    const portBase = await freePortBase();
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen({ port: portBase, host: '127.0.0.1' }, resolve);
    });
    const folder = await mkdtemp(join(tmpdir(), 'floe-e2e-port-'));
    try {
      const words = ['up', '--state-dir', folder, '--port-base', String(portBase)];
      const { code, stderr } = await runFloe(words);
      expect(code, stderr).toBe(1);
      expect(stderr).toMatch(/PORT_TAKEN/);
      expect(stderr).toContain(String(portBase));
    } finally {
      server.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('the command line', () => {
  test('suggests the command and the option that were meant', async () => {
    const command = await runFloe(['aply']);
    expect(command.code).toBe(2);
    expect(command.stderr).toMatch(/apply/);
    const option = await runFloe(['runs', 'list', '--wrokflow', 'x']);
    expect(option.code).toBe(2);
    expect(option.stderr).toMatch(/--workflow/);
  });

  test('says that no server answers, and how to start one', async () => {
    const port = await freePortBase();
    const words = ['runs', 'list', '--server', `http://127.0.0.1:${port}`];
    const { code, stdout, stderr } = await runFloe(words);
    expect(code).toBe(4);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/floe up/);
  });
});

function loadDocument(name: string, { table }: { readonly table: string }): string {
  return `name: ${name}
defaults: { retries: { max: 0 } }
tasks:
  big:
    type: postgres_extract
    connection: source
    query: select 3000000000::bigint as value
  store:
    type: postgres_load
    inputs: [big]
    connection: warehouse
    table: ${table}
    mode: append
`;
}
