import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { expect, test } from 'vitest';
import { buildRunEvents, toDatasetName, type LineageRun, type RunEnd } from '../src/index.ts';
import { RUN_EVENT } from './specification.ts';

const ajv = new Ajv2020({ allErrors: true });
// The package is CommonJS: its function is a member of what is imported.
formats.default(ajv);
const isRunEvent = ajv.compile(RUN_EVENT);

const ORIGIN = { producer: 'urn:floe:reporting:0.1.0', jobNamespace: 'floe' };
const AT = Date.UTC(2026, 0, 31, 6);
const RUN_ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const TASK_ID = '3b8f5e4a-1111-8222-8333-b302099a8057';
const ORDERS = toDatasetName('postgres://db:5432/shop/public.orders');
const TOTALS = toDatasetName('postgres://db:5432/shop/analytics.totals');

function aRun(state: RunEnd | undefined = 'succeeded'): LineageRun {
  const edge = { source: ORDERS, transformation: 'aggregation', isMasked: false };
  const failure = { code: 'QUERY_FAILED', message: 'no such table' };
  const end = state === undefined ? {} : { end: { state, at: AT + 2_000 } };
  return {
    runId: RUN_ID,
    workflowName: 'totals',
    startedAt: AT,
    ...end,
    ...(state === 'failed' && { failure }),
    nominalAt: AT,
    parent: { runId: TASK_ID, workflowName: 'nightly' },
    tasks: [
      {
        runId: TASK_ID,
        taskId: 'store',
        type: 'postgres_load',
        sql: 'select * from orders',
        startedAt: AT + 1_000,
        ...end,
        ...(state === 'failed' && { failure }),
        reads: [{ ...ORDERS, columns: [{ name: 'amount', type: 'Int64' }] }],
        writes: [
          {
            ...TOTALS,
            columns: [{ name: 'total', type: 'Int64' }],
            rows: 7,
            bytes: 56,
            edges: [
              { ...edge, sourceColumn: 'amount', targetColumn: 'total', how: 'value' },
              { ...edge, sourceColumn: 'day', targetColumn: 'total', how: 'group', isMasked: true },
              { ...edge, sourceColumn: 'day', targetColumn: '', how: 'filter' },
              { ...edge, sourceColumn: '', targetColumn: 'total', how: 'value' },
            ],
          },
        ],
      },
    ],
  };
}

test.each(['succeeded', 'failed', 'timed_out', 'cancelled', undefined] as const)(
  'every event of a run that is %s is as the specification wants it',
  (state) => {
    for (const event of buildRunEvents(aRun(state), ORIGIN)) {
      isRunEvent(event);
      expect(isRunEvent.errors).toBeNull();
    }
  },
);

test('the check finds what is wrong', () => {
  const [event] = buildRunEvents(aRun(), ORIGIN);
  expect(isRunEvent({ ...event, eventTime: 'yesterday' })).toBe(false);
  expect(isRunEvent({ ...event, run: { runId: 'x', facets: {} } })).toBe(false);
});

test.each([
  ['succeeded', 'COMPLETE'],
  ['failed', 'FAIL'],
  ['timed_out', 'FAIL'],
  ['cancelled', 'ABORT'],
] as const)('B1: a run that %s ends with %s, after its tasks', (state, type) => {
  const events = buildRunEvents(aRun(state), ORIGIN);
  expect(events.map(({ job, eventType }) => `${job.name} ${eventType}`)).toEqual([
    'totals START',
    'totals.store START',
    `totals.store ${type}`,
    `totals ${type}`,
  ]);
});

test('B2: tasks have their run as parent and its parent as root, on every event', () => {
  const ofTask = buildRunEvents(aRun(), ORIGIN).filter(({ job }) => job.name === 'totals.store');
  for (const { run, inputs, outputs } of ofTask) {
    expect(run.facets['parent']).toMatchObject({
      run: { runId: RUN_ID },
      job: { namespace: 'floe', name: 'totals' },
      root: { run: { runId: TASK_ID }, job: { name: 'nightly' } },
    });
    expect([inputs.length, outputs.length]).toEqual([1, 1]);
  }
});

test('columns come from columns, and what chooses rows stands with the dataset', () => {
  const [, , done] = buildRunEvents(aRun(), ORIGIN);
  const [output] = done!.outputs;
  const lineage = output?.facets['columnLineage'];
  expect(lineage).toMatchObject({
    fields: {
      total: {
        inputFields: [
          {
            ...ORDERS,
            field: 'amount',
            transformations: [{ type: 'DIRECT', subtype: 'AGGREGATION' }],
          },
          {
            field: 'day',
            transformations: [{ type: 'INDIRECT', subtype: 'GROUP_BY', masking: true }],
          },
        ],
      },
    },
    dataset: [{ field: 'day', transformations: [{ type: 'INDIRECT', subtype: 'FILTER' }] }],
  });
  expect(output?.outputFacets['outputStatistics']).toMatchObject({ rowCount: 7, size: 56 });
});

test('what failed says why, and counts nothing that was not written', () => {
  const [, , failed] = buildRunEvents(aRun('failed'), ORIGIN);
  expect(failed?.run.facets['errorMessage']).toMatchObject({
    message: 'QUERY_FAILED: no such table',
  });
  expect(failed?.outputs[0]?.outputFacets).toEqual({});
});

test.each([
  ['postgres://db:5432/shop/public.orders', 'postgres://db:5432', 'shop.public.orders'],
  ['file:orders/*.csv', 'file', 'orders/*.csv'],
  ['floe://totals/store', 'floe', 'totals/store'],
])('%s is named as OpenLineage wants it', (uri, namespace, name) => {
  expect(toDatasetName(uri)).toEqual({ namespace, name });
});
