import { expect, test } from 'vitest';
import {
  buildRunEvents,
  toDatasetName,
  type LineageRun,
  type RunEnd,
  type RunEvent,
} from '../src/index.ts';
import { checkEvent } from './check-event.ts';

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
    for (const event of buildRunEvents(aRun(state), ORIGIN)) expect(checkEvent(event)).toEqual([]);
  },
);

test('the check finds what is wrong', () => {
  const [event] = buildRunEvents(aRun(), ORIGIN);
  expect(checkEvent({ ...event, eventTime: 'yesterday' })).not.toEqual([]);
  expect(checkEvent({ ...event, eventType: 'BEGIN' })).not.toEqual([]);
  expect(checkEvent({ ...event, job: { name: 'totals', facets: {} } })).not.toEqual([]);
  expect(checkEvent({ ...event, run: { runId: 'x', facets: {} } })).not.toEqual([]);
});

type Facets = Record<string, Record<string, unknown>>;

/** Where the facets of an event are, in an event that may be broken. */
function facetsIn(event: RunEvent): readonly Facets[] {
  const { run, job, inputs, outputs } = event;
  const ofDatasets = [...inputs, ...outputs].map(({ facets }) => facets);
  const ofOutputs = outputs.map(({ outputFacets }) => outputFacets);
  return [run.facets, job.facets, ...ofDatasets, ...ofOutputs] as Facets[];
}

/** Copies of an event in which one member of the facet is gone or of a wrong type, with a name for each. */
function brokenEvents(event: RunEvent, name: string): readonly (readonly [string, RunEvent])[] {
  const members = new Set(facetsIn(event).flatMap((facets) => Object.keys(facets[name] ?? {})));
  const isOptional = (member: string) => ['dataset', 'size'].includes(member);
  const broken = (change: (facet: Record<string, unknown>) => void): RunEvent => {
    const copy = structuredClone(event);
    for (const facets of facetsIn(copy)) if (facets[name] !== undefined) change(facets[name]);
    return copy;
  };
  return [...members].flatMap((member) => {
    const mistyped = broken((facet) => (facet[member] = [[]]));
    const gone = broken((facet) => delete facet[member]);
    const typed = [`${name}.${member} of a wrong type`, mistyped] as const;
    return isOptional(member) ? [typed] : [typed, [`${name} without ${member}`, gone] as const];
  });
}

test.each([
  'parent',
  'nominalTime',
  'errorMessage',
  'jobType',
  'sql',
  'schema',
  'columnLineage',
  'outputStatistics',
])('the check refuses an event whose facet %s is broken, member by member', (name) => {
  const events = [aRun(), aRun('failed')].flatMap((run) => buildRunEvents(run, ORIGIN));
  const broken = events.flatMap((event) => brokenEvents(event, name));
  expect(broken.length).toBeGreaterThan(2);
  expect(
    broken.filter(([, event]) => checkEvent(event).length === 0).map(([what]) => what),
  ).toEqual([]);
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
