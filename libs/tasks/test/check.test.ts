import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FloeError } from '@floe/errors';
import { datasetFromCsv } from '@floe/frame';
import { parseWorkflow } from '@floe/workflow';
import { checkTypes } from '@floe/plan';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TASK_TYPES } from '../src/index.ts';
import { runCheck } from '../src/check/run.ts';
import type { TaskInput } from '../src/runner.ts';
import { createContext, type TestContext } from './task-context.ts';

let folder: string;
let orders: TaskInput;
const address = { host: 'nowhere', port: 1, database: 'd', user: 'u', password: 'p' };
const HOUR_MS = 3_600_000;
const isoAgo = (ms: number) => new Date(Date.now() - ms).toISOString().slice(0, 19);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-check-'));
  const [csv, ipc] = [join(folder, 'orders.csv'), join(folder, 'orders.ipc')];
  const newest = isoAgo(HOUR_MS);
  await writeFile(
    csv,
    `id,"odd, name",status,amount,at
1,a,open,10.5,2001-01-01T00:00:00
2,,closed,-1,${newest}
2,c,unknown,,2001-01-01T00:00:00
`,
  );
  const dataset = { uri: pathToFileURL(ipc).href, ...(await datasetFromCsv(csv, ipc)) };
  orders = { taskId: 'orders', dataset };
});
afterAll(() => rm(folder, { recursive: true }));

const contextFor = (rules: readonly object[]): TestContext =>
  createContext({ folder, address, inputs: [orders], config: { rules } });

test('rows that pass go on unchanged, by reference', async () => {
  const context = contextFor([
    { row_count: { min: 3, max: 3 } },
    { not_null: ['id', 'status'] },
    { unique: ['id', 'status'] },
    { accepted_values: { column: 'status', values: ['open', 'closed', 'unknown'] } },
    { range: { column: 'amount', min: -1, max: 10.5 } },
    { range: { column: 'at', min: '2001-01-01' } },
    { freshness: { column: 'at', max_age: '2h' } },
    { expression: 'pl.col("amount").is_null() | (pl.col("amount") < 11)' },
  ]);
  expect(await runCheck(context)).toEqual({
    dataset: orders.dataset,
    rows: 3,
    bytes: orders.dataset.bytes,
  });
  expect(context.logs.every(({ level }) => level === 'info')).toBe(true);
});

test.each([
  [{ row_count: { min: 4 } }, 'row_count: 3 rows instead of at least 4', undefined],
  [{ row_count: { max: 2 } }, 'row_count: 3 rows instead of at most 2', undefined],
  [{ not_null: ['odd, name'] }, 'not_null(odd, name): 1 row breaks it', [2]],
  [{ unique: ['id'] }, 'unique(id): 2 rows break it', [2, 2]],
  [
    { accepted_values: { column: 'status', values: ['open', 'closed'] } },
    'accepted_values(status): 1 row breaks it',
    [2],
  ],
  [{ range: { column: 'amount', min: 0 } }, 'range(amount): 1 row breaks it', [2]],
  [{ range: { column: 'at', max: '2001-01-02' } }, 'range(at): 1 row breaks it', [2]],
  [{ expression: 'pl.col("amount") > 0', name: 'positive' }, 'positive: 2 rows break it', [2, 2]],
])('%j stops, says how many rows break it and keeps them', async (rule, words, failingIds) => {
  const context = contextFor([rule]);
  await expect(runCheck(context)).rejects.toMatchObject({ code: 'CHECK_FAILED', message: words });
  const [finding] = context.artifacts[0]!.content as { failing?: { rows: unknown[][] } }[];
  expect(finding!.failing?.rows.map(([id]) => id)).toEqual(failingIds);
});

test.each([
  [{ range: { column: 'at', min: '2001-01-01T00:00:01' } }, [1, 2]],
  [{ range: { column: 'at', max: '2001-01-01 00:00Z' } }, [2]],
  [{ accepted_values: { column: 'at', values: ['2001-01-01', '2001-01-02T10:00'] } }, [2]],
  [{ range: { column: 'status', max: '2001-12-31' } }, [1, 2, 2]],
  [{ unique: ['id', 'id'] }, [2, 2]],
  [{ expression: 'pl.col("id") < 2 # only the first' }, [2, 2]],
])('%j reads its texts as its column does', async (rule, failingIds) => {
  const context = contextFor([rule]);
  await expect(runCheck(context)).rejects.toMatchObject({ code: 'CHECK_FAILED' });
  const [finding] = context.artifacts[0]!.content as { failing?: { rows: unknown[][] } }[];
  expect(finding!.failing?.rows.map(([id]) => id)).toEqual(failingIds);
});

test('the newest time of a masked column is not shown, nor a text in the place of one', async () => {
  for (const column of ['at', 'status']) {
    const context = createContext({
      folder,
      address,
      inputs: [orders],
      config: { rules: [{ freshness: { column, max_age: '1s' } }] },
      masked: [column],
    });
    const failure: FloeError = await runCheck(context).then(
      () => expect.fail('it is old'),
      (thrown) => thrown,
    );
    expect(failure.code).toBe('CHECK_FAILED');
    const shown = JSON.stringify([failure.message, context.logs, context.artifacts]);
    expect(shown).not.toMatch(/\d{4}-\d{2}|unknown/);
  }
});

test('failing rows show nothing of masked columns', async () => {
  const context = createContext({
    folder,
    address,
    inputs: [orders],
    config: { rules: [{ unique: ['id'] }] },
    masked: ['status'],
  });
  await expect(runCheck(context)).rejects.toMatchObject({ code: 'CHECK_FAILED' });
  const text = JSON.stringify(context.artifacts);
  expect(text).not.toContain('closed');
  expect(text).toContain('***');
});

test('rows that are too old are told with their age', async () => {
  const context = contextFor([{ freshness: { column: 'at', max_age: '30m' } }]);
  await expect(runCheck(context)).rejects.toMatchObject({
    code: 'CHECK_FAILED',
    message: expect.stringMatching(/^freshness\(at\): the newest is of \d{4}-/),
  });
});

test('a warning tells and lets the rows on; all rules are looked at before the task fails', async () => {
  const warned = contextFor([{ unique: ['id'], severity: 'warn' }]);
  expect(await runCheck(warned)).toMatchObject({ rows: 3 });
  expect(warned.logs).toMatchObject([{ level: 'warn' }]);
  const several = contextFor([{ unique: ['id'] }, { not_null: ['amount'] }]);
  await expect(runCheck(several)).rejects.toMatchObject({
    message: 'unique(id): 2 rows break it; not_null(amount): 1 row breaks it',
  });
});

const documentOf = (rules: string) => `
name: quality
tasks:
  orders: { type: file_extract, path: orders.csv, columns: [id: Int64, at: Datetime] }
  quality: { type: check, inputs: [orders], rules: [${rules}] }
`;

function violationsOf(rules: string) {
  const { workflow, source } = parseWorkflow(documentOf(rules), { taskTypes: TASK_TYPES });
  return checkTypes(workflow, { taskTypes: TASK_TYPES, described: new Map(), source }).violations;
}

test('a rule about a column that is not there is an error of the document, with the nearest name', () => {
  expect(violationsOf('{ not_null: [id] }, { unique: [idd] }')).toMatchObject([
    {
      field: 'tasks.quality.rules[1]',
      message: expect.stringContaining('idd'),
      hint: expect.stringContaining('id'),
    },
  ]);
});

test.each([
  ['{ freshness: { column: id, max_age: 1d } }', /freshness is about dates and times, .* is Int64/],
  ['{ freshness: { column: at, max_age: soon } }', /"soon" is no duration/],
  ['{ range: { column: id } }', /has neither min nor max/],
  ['{ range: { column: id, min: 2, max: 1 } }', /a min above its max/],
  ['{ range: { column: at, min: "2001-02-30" } }', /"2001-02-30" is no day or time that there is/],
  ['{ row_count: {} }', /has neither min nor max/],
])('%s is an error of the document', (rule, words) => {
  const violations = (() => {
    try {
      return violationsOf(rule);
    } catch (thrown) {
      return (thrown as FloeError).violations;
    }
  })();
  expect(violations).toMatchObject([
    { field: expect.stringContaining('rules[0]'), message: expect.stringMatching(words) },
  ]);
});

test('a rule says one thing', () => {
  expect(() => violationsOf('{ not_null: [id], unique: [id] }')).toThrow(
    expect.objectContaining({ code: 'DOCUMENT_INVALID' }),
  );
});
