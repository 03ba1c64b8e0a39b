/** Nodes of a plan: what columns the rows have. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PlanCase, type PlanInputs, column, writePlanInputs } from './plan-inputs.ts';

let plans: PlanInputs;
beforeAll(async () => {
  plans = await writePlanInputs();
});
afterAll(() => plans.remove());

const CASES: readonly PlanCase[] = [
  [
    'select',
    [{ op: 'select', input: 0, expressions: [column('w'), `{"Alias":[{"Column":"k"},"key"]}`] }],
    'w,key',
    [
      [9, 'b'],
      [8, 'a'],
      [7, 'c'],
      [6, 'a'],
    ],
  ],
  [
    'with_columns',
    [{ op: 'with_columns', input: 1, expressions: [`{"Alias":[{"Column":"v"},"u"]}`] }],
    'k,v,u',
    [
      ['a', 10, 10],
      ['d', 20, 20],
    ],
  ],
  [
    'rename by swapping',
    [
      {
        op: 'rename',
        input: 1,
        names: [
          ['k', 'v'],
          ['v', 'k'],
        ],
      },
    ],
    'v,k',
    [
      ['a', 10],
      ['d', 20],
    ],
  ],
  [
    'drop',
    [
      { op: 'drop', input: 0, columns: ['v', 'w'] },
      { op: 'slice', input: 2, offset: 0, length: 1 },
    ],
    'k',
    [['b']],
  ],
  [
    'with_row_index',
    [{ op: 'with_row_index', input: 1, name: 'i', offset: 5 }],
    'i,k,v',
    [
      [5, 'a', 10],
      [6, 'd', 20],
    ],
  ],
  [
    'unnest',
    [
      {
        op: 'select',
        input: 1,
        expressions: [
          `{"Function":{"input":[{"Column":"v"},{"Column":"k"}],"function":"AsStruct"}}`,
        ],
      },
      { op: 'unnest', input: 2, columns: ['v'] },
    ],
    'v,k',
    [
      [10, 'a'],
      [20, 'd'],
    ],
  ],
  [
    'an array',
    [
      {
        op: 'select',
        input: 1,
        expressions: [
          `{"Function":{"input":[{"Column":"v"},{"Column":"v"}],"function":{"ArrayExpr":"Concat"}}}`,
        ],
      },
    ],
    'v',
    [[[10, 10]], [[20, 20]]],
  ],
];

test.each(CASES)('%s does what the plan says', async (_, nodes, columns, rows) => {
  expect(await plans.run(nodes)).toEqual({ columns, rows });
});
