/** Nodes of a plan: rows gathered by their keys. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PlanCase, type PlanInputs, column, writePlanInputs } from './plan-inputs.ts';

let plans: PlanInputs;
beforeAll(async () => {
  plans = await writePlanInputs();
});
afterAll(() => plans.remove());

const CASES: readonly PlanCase[] = [
  [
    'group_by',
    [
      {
        op: 'group_by',
        input: 0,
        keys: [column('k')],
        aggregations: [`{"Agg":{"Sum":{"Column":"w"}}}`],
        maintainOrder: true,
      },
    ],
    'k,w',
    [
      ['b', 9],
      ['a', 14],
      ['c', 7],
    ],
  ],
  [
    'group_rows',
    [
      {
        op: 'group_rows',
        input: 0,
        keys: [column('k')],
        maintainOrder: true,
        count: 1,
        isFromEnd: true,
      },
    ],
    'k,v,w',
    [
      ['b', 1, 9],
      ['a', 4, 6],
      ['c', null, 7],
    ],
  ],
  [
    'group_by_dynamic',
    [
      {
        op: 'sort',
        input: 0,
        by: [column('w')],
        descending: [false],
        nullsLast: [false],
        maintainOrder: false,
      },
      {
        op: 'group_by_dynamic',
        input: 2,
        index: 'w',
        every: '2i',
        period: '2i',
        offset: '0ns',
        includeBoundaries: false,
        closed: 'left',
        label: 'left',
        startBy: 'window',
        keys: [],
        aggregations: [`{"Agg":{"Sum":{"Column":"v"}}}`],
      },
    ],
    'w,v',
    [
      [6, 4],
      [8, 3],
    ],
  ],
  [
    'group_by_rolling',
    [
      {
        op: 'sort',
        input: 0,
        by: [column('w')],
        descending: [false],
        nullsLast: [false],
        maintainOrder: false,
      },
      {
        op: 'group_by_rolling',
        input: 2,
        index: 'w',
        period: '2i',
        offset: '-2i',
        closed: 'right',
        keys: [],
        aggregations: [`{"Agg":{"Sum":{"Column":"v"}}}`],
      },
    ],
    'w,v',
    [
      [6, 4],
      [7, 4],
      [8, 2],
      [9, 3],
    ],
  ],
];

test.each(CASES)('%s does what the plan says', async (_, nodes, columns, rows) => {
  expect(await plans.run(nodes)).toEqual({ columns, rows });
});
