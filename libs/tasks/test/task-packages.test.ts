/** Hunts packages of task types that are taken for what they are not, and rows that do not come through as they are. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkTypes } from '@floe/plan';
import { datasetFromFiles, previewDataset } from '@floe/frame';
import { readWorkflow } from '@floe/workflow';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TASK_TYPES, useTaskPackages } from '../src/index.ts';
import { loadTaskPackages } from '../src/packages/load-task-packages.ts';
import { RUNNERS, useTaskRunners } from '../src/run.ts';
import type { TaskInput } from '../src/runner.ts';
import { createContext } from './task-context.ts';

const address = { host: 'nowhere', port: 1, database: 'd', user: 'u', password: 'secret' };

const PACKAGE = `
export const tasks = [
  {
    type: 'acme_double',
    description: 'Doubles a column.',
    fields: { column: { type: 'string', description: 'Which one.', required: true } },
    inputs: { min: 1, max: 1 },
    outside: 'untouched',
    columns: ({ inputs }) => {
      const [known] = Object.values(inputs);
      return known && { ...known, doubled: 'Int64' };
    },
    async *run({ rows, fields }) {
      for await (const row of rows()) {
        const value = row[fields.column];
        yield { ...row, doubled: value === null ? null : value + value };
      }
    },
  },
  {
    type: 'acme_tell',
    description: 'Tells somebody.',
    fields: {
      to: { type: 'string', description: 'Whom.' },
      database: { type: 'string', description: 'Where.', connection: 'postgres' },
      how: { type: 'string', description: 'In what way.', choices: ['loud', 'soft'] },
    },
    async run({ fields, postgres, requestId, log }) {
      const { host } = await postgres(fields.database);
      log('info', \`\${fields.to} at \${host}, \${requestId}\`);
      if (fields.to === 'nobody') throw Object.assign(new Error('there is nobody'), { retryable: false });
      if (fields.to === 'elsewhere') await postgres('payroll');
      if (fields.to === 'busy') throw new Error('the line is busy');
    },
  },
  {
    type: 'acme_rows',
    description: 'Makes rows.',
    fields: { rows: { type: 'string', description: 'As JSON.', required: true } },
    columns: { id: 'Int64', at: "Datetime('us')" },
    async *run({ fields }) { yield* JSON.parse(fields.rows); },
  },
  { type: 'acme_none', description: 'Forgets its rows.', columns: { id: 'Int64' }, async run() {} },
];
`;

let folder: string;
let input: TaskInput;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-packages-'));
  await writeFile(join(folder, 'acme.mjs'), PACKAGE);
  await useTaskPackages(['./acme.mjs'], folder);
  await useTaskRunners(['./acme.mjs'], folder);
  const [csv, output] = [join(folder, 'numbers.csv'), join(folder, 'numbers.ipc')];
  await writeFile(csv, 'n,name\n1,a\n,b\n4611686018427387903,c\n');
  const facts = await datasetFromFiles([csv], { format: 'csv', output });
  input = { taskId: 'numbers', dataset: { uri: pathToFileURL(output).href, ...facts } };
});
afterAll(() => rm(folder, { recursive: true }));

test('rows go in and out as they are, also numbers beyond those of JavaScript', async () => {
  const context = createContext({ folder, address, inputs: [input], config: { column: 'n' } });
  const result = await RUNNERS['acme_double']!(context);
  expect(result).toMatchObject({ rows: 3, dataset: { rows: 3 } });
  expect((await previewDataset(context.outputPath, 5)).rows).toEqual([
    [1, 'a', 2],
    [null, 'b', null],
    ['4611686018427387903', 'c', '9223372036854775806'],
  ]);
  const left = await readdir(folder);
  expect(left.filter((name) => /rows|made/.test(name))).toEqual([]);
});

test('texts are filled, connections are opened, and what is thrown says whether to try again', async () => {
  const tell = (to: string, params = {}) => {
    const config = { to, database: 'warehouse', how: 'loud' };
    const context = createContext({ folder, address, config, params, runId: 'r', taskId: 'call' });
    return { context, done: RUNNERS['acme_tell']!(context) };
  };
  const told = tell('${{ params.who }}', { who: { kind: 'string', value: 'Ada' } });
  expect(await told.done).toEqual({ rows: 0, bytes: 0 });
  expect(told.context.logs).toMatchObject([{ message: 'Ada at nowhere, r/call' }]);
  await expect(tell('nobody').done).rejects.toMatchObject({
    code: 'TASK_REFUSED',
    message: 'there is nobody',
    isRetryable: false,
  });
  await expect(tell('elsewhere').done).rejects.toMatchObject({
    code: 'TASK_REFUSED',
    message: 'acme_tell asks for the connection "payroll", which no field of the task names',
  });
  await expect(tell('busy').done).rejects.toMatchObject({ code: 'TASK_FAILED', isRetryable: true });
});

test.each([
  ['no object', '[7]', 'VALUE_INVALID', /^row 1 of acme_rows is no object$/],
  [
    'a column that nobody knows',
    '[{"id":1},{"idd":2}]',
    'VALUE_INVALID',
    /^row 2 .* has a column idd/,
  ],
  ['a value of another type', '[{"id":"x"}]', 'FILE_INVALID', /./],
])('a row that is %s fails the attempt, and leaves nothing', async (_, rows, code, message) => {
  const context = createContext({ folder, address, config: { rows } });
  await expect(RUNNERS['acme_rows']!(context)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(message),
  });
  expect(await readdir(folder)).not.toContain(context.outputPath.split('/').at(-1));
});

test('no rows are an empty dataset with its columns', async () => {
  const context = createContext({ folder, address, config: { rows: '[]' } });
  expect(await RUNNERS['acme_rows']!(context)).toMatchObject({
    rows: 0,
    dataset: { schema: [{ name: 'id' }, { name: 'at' }] },
  });
});

test('a type that names columns and yields no rows says what to write', async () => {
  const context = createContext({ folder, address, config: {} });
  await expect(RUNNERS['acme_none']!(context)).rejects.toMatchObject({
    code: 'TASK_REFUSED',
    hint: expect.stringContaining('async *run'),
  });
});

function problemsOf(text: string): readonly string[] {
  const { workflow, violations, ...read } = readWorkflow(text, { taskTypes: TASK_TYPES });
  const types = checkTypes(workflow, { taskTypes: TASK_TYPES, described: new Map(), ...read });
  return [...violations, ...types.violations].map(({ field, message }) => `${field}: ${message}`);
}

test('its fields are checked in documents, and its columns are known behind it', () => {
  const document = (config: string, polars: string) => `
name: w
tasks:
  made: { type: acme_rows, ${config} }
  doubled: { type: acme_double, inputs: [made], column: id }
  after: { type: expression_transform, inputs: [doubled], polars: '${polars}' }
`;
  expect(problemsOf(document("rows: '[]'", 'doubled.select("doubled", "at")'))).toEqual([]);
  expect(problemsOf(document("rows: '[]'", 'doubled.select("doubble")'))).toEqual([
    expect.stringContaining('doubble'),
  ]);
  expect(problemsOf(document('row: x', 'doubled'))).toEqual([
    expect.stringContaining('has no field `row`'),
    expect.stringContaining('tasks.made.rows'),
  ]);
});

const A_TASK = `type: 'acme_x', description: 'x', async run() {}`;

test.each([
  ['exports nothing', '', /is no package of task types: tasks: /],
  [
    'takes a name of Floe',
    `export const tasks = [{ type: 'http', description: 'x', run() {} }];`,
    /Floe has a type of this name/,
  ],
  [
    'has a field that all tasks have',
    `export const tasks = [{ ${A_TASK}, fields: { retries: { type: 'string', description: 'x' } } }];`,
    /every task has a field of this name/,
  ],
  [
    'has a type twice',
    `export const tasks = [{ ${A_TASK} }, { ${A_TASK} }];`,
    /acme_x is there twice/,
  ],
  [
    'has no code',
    `export const tasks = [{ type: 'acme_x', description: 'x' }];`,
    /tasks\.0\.run: a function is wanted/,
  ],
  ['throws when it is loaded', `throw new Error('no licence');`, /cannot be used: no licence/],
  ['does not parse', `export const tasks = [`, /cannot be used: /],
])('a package that %s is an error with its name', async (_, text, message) => {
  const name = `bad-${Math.random()}.mjs`;
  await writeFile(join(folder, name), text);
  await expect(loadTaskPackages([`./${name}`], folder)).rejects.toMatchObject({
    code: 'CONFIGURATION_INVALID',
    message: expect.stringMatching(message),
    details: { package: `./${name}` },
  });
});

test('a package that is not installed, and a type that two have, are errors', async () => {
  await expect(loadTaskPackages(['@acme/nowhere'], folder)).rejects.toMatchObject({
    code: 'CONFIGURATION_INVALID',
    message: expect.stringContaining('@acme/nowhere'),
  });
  await writeFile(join(folder, 'again.mjs'), PACKAGE);
  await expect(loadTaskPackages(['./acme.mjs', './again.mjs'], folder)).rejects.toMatchObject({
    message: expect.stringContaining('acme_double is in ./acme.mjs already'),
  });
});
