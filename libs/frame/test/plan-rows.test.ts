/** Nodes of a plan: which rows there are, and in which order. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PlanCase, type PlanInputs, column, writePlanInputs } from './plan-inputs.ts';

let plans: PlanInputs;
beforeAll(async () => {
  plans = await writePlanInputs();
});
afterAll(() => plans.remove());

const byKey = {
  op: 'sort',
  by: [column('k')],
  descending: [true],
  nullsLast: [false],
  maintainOrder: true,
} as const;

const CASES: readonly PlanCase[] = [
  [
    'filter',
    [
      {
        op: 'filter',
        input: 0,
        predicate: `{"BinaryExpr":{"left":{"Column":"v"},"op":"Gt","right":{"Literal":{"Dyn":{"Int":1}}}}}`,
      },
    ],
    'k,v,w',
    [
      ['a', 2, 8],
      ['a', 4, 6],
    ],
  ],
  [
    'sort',
    [{ ...byKey, input: 0 }],
    'k,v,w',
    [
      ['c', null, 7],
      ['b', 1, 9],
      ['a', 2, 8],
      ['a', 4, 6],
    ],
  ],
  [
    'sort by several',
    [
      {
        ...byKey,
        input: 0,
        by: [column('k'), column('w')],
        descending: [false, false],
        nullsLast: [true, true],
      },
    ],
    'k,v,w',
    [
      ['a', 4, 6],
      ['a', 2, 8],
      ['b', 1, 9],
      ['c', null, 7],
    ],
  ],
  [
    'unique',
    [{ op: 'unique', input: 0, subset: ['k'], keep: 'last', maintainOrder: true }],
    'k,v,w',
    [
      ['b', 1, 9],
      ['c', null, 7],
      ['a', 4, 6],
    ],
  ],
  [
    'unique of all columns',
    [{ op: 'unique', input: 1, subset: null, keep: 'first', maintainOrder: true }],
    'k,v',
    [
      ['a', 10],
      ['d', 20],
    ],
  ],
  [
    'slice from the end',
    [{ op: 'slice', input: 0, offset: -2, length: 1 }],
    'k,v,w',
    [['c', null, 7]],
  ],
  ['tail', [{ op: 'tail', input: 0, length: 1 }], 'k,v,w', [['a', 4, 6]]],
  [
    'reverse',
    [{ op: 'reverse', input: 1 }],
    'k,v',
    [
      ['d', 20],
      ['a', 10],
    ],
  ],
  [
    'drop_nulls',
    [
      { op: 'drop_nulls', input: 0, subset: ['v'] },
      { op: 'drop', input: 2, columns: ['w'] },
    ],
    'k,v',
    [
      ['b', 1],
      ['a', 2],
      ['a', 4],
    ],
  ],
  [
    'drop_nulls in any column',
    [
      { op: 'drop_nulls', input: 0, subset: null },
      { op: 'drop', input: 2, columns: ['w', 'v'] },
    ],
    'k',
    [['b'], ['a'], ['a']],
  ],
  [
    'explode',
    [
      {
        op: 'group_by',
        input: 0,
        keys: [column('k')],
        aggregations: [column('w')],
        maintainOrder: true,
      },
      { op: 'explode', input: 2, columns: ['w'] },
    ],
    'k,w',
    [
      ['b', 9],
      ['a', 8],
      ['a', 6],
      ['c', 7],
    ],
  ],
  [
    'unpivot',
    [
      { op: 'slice', input: 0, offset: 0, length: 1 },
      {
        op: 'unpivot',
        input: 2,
        index: ['k'],
        on: ['v', 'w'],
        variableName: 'name',
        valueName: 'value',
      },
    ],
    'k,name,value',
    [
      ['b', 'v', 1],
      ['b', 'w', 9],
    ],
  ],
  [
    'unpivot without names',
    [{ op: 'unpivot', input: 1, index: ['k'], on: null, variableName: 'n', valueName: 'm' }],
    'k,n,m',
    [
      ['a', 'v', 10],
      ['d', 'v', 20],
    ],
  ],
];

test.each(CASES)('%s does what the plan says', async (_, nodes, columns, rows) => {
  expect(await plans.run(nodes)).toEqual({ columns, rows });
});
