/** Nodes of a plan: several frames made one. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PlanCase, type PlanInputs, column, writePlanInputs } from './plan-inputs.ts';

let plans: PlanInputs;
beforeAll(async () => {
  plans = await writePlanInputs();
});
afterAll(() => plans.remove());

const join2 = {
  op: 'join',
  left: 0,
  right: 1,
  leftOn: [column('k')],
  rightOn: [column('k')],
  suffix: '_r',
  coalesce: null,
  nullsEqual: false,
  validate: 'm:m',
  maintainOrder: 'left',
} as const;

const CASES: readonly PlanCase[] = [
  [
    'join inner',
    [{ ...join2, how: 'inner' }],
    'k,v,w,v_r',
    [
      ['a', 2, 8, 10],
      ['a', 4, 6, 10],
    ],
  ],
  [
    'join left',
    [{ ...join2, how: 'left' }],
    'k,v,w,v_r',
    [
      ['b', 1, 9, null],
      ['a', 2, 8, 10],
      ['c', null, 7, null],
      ['a', 4, 6, 10],
    ],
  ],
  [
    'join right',
    [{ ...join2, how: 'right', maintainOrder: 'right_left' }],
    'v,w,k,v_r',
    [
      [2, 8, 'a', 10],
      [4, 6, 'a', 10],
      [null, null, 'd', 20],
    ],
  ],
  [
    'join full',
    [{ ...join2, how: 'full', coalesce: true, maintainOrder: 'left_right' }],
    'k,v,w,v_r',
    [
      ['b', 1, 9, null],
      ['a', 2, 8, 10],
      ['c', null, 7, null],
      ['a', 4, 6, 10],
      ['d', null, null, 20],
    ],
  ],
  [
    'join semi',
    [{ ...join2, how: 'semi' }],
    'k,v,w',
    [
      ['a', 2, 8],
      ['a', 4, 6],
    ],
  ],
  [
    'join anti',
    [{ ...join2, how: 'anti' }],
    'k,v,w',
    [
      ['b', 1, 9],
      ['c', null, 7],
    ],
  ],
  [
    'join cross',
    [
      { op: 'slice', input: 0, offset: 0, length: 1 },
      { ...join2, left: 2, how: 'cross', leftOn: [], rightOn: [] },
    ],
    'k,v,w,k_r,v_r',
    [
      ['b', 1, 9, 'a', 10],
      ['b', 1, 9, 'd', 20],
    ],
  ],
  [
    'join_asof',
    [
      {
        op: 'sort',
        input: 0,
        by: [column('w')],
        descending: [false],
        nullsLast: [false],
        maintainOrder: false,
      },
      { op: 'select', input: 1, expressions: [`{"Alias":[{"Column":"v"},"w"]}`, column('k')] },
      {
        op: 'join_asof',
        left: 2,
        right: 3,
        leftOn: 'w',
        rightOn: 'w',
        leftBy: [],
        rightBy: [],
        strategy: 'forward',
        suffix: '_r',
        tolerance: '2',
        isTimeTolerance: false,
        coalesce: true,
        allowExactMatches: true,
      },
    ],
    'k,v,w,k_r',
    [
      ['a', 4, 6, null],
      ['c', null, 7, null],
      ['a', 2, 8, 'a'],
      ['b', 1, 9, 'a'],
    ],
  ],
  [
    'concat',
    [{ op: 'concat', inputs: [1, 1], how: 'vertical' }],
    'k,v',
    [
      ['a', 10],
      ['d', 20],
      ['a', 10],
      ['d', 20],
    ],
  ],
  [
    'concat diagonal',
    [
      { op: 'slice', input: 0, offset: 0, length: 1 },
      { op: 'concat', inputs: [1, 2], how: 'diagonal' },
    ],
    'k,v,w',
    [
      ['a', 10, null],
      ['d', 20, null],
      ['b', 1, 9],
    ],
  ],
  [
    'concat horizontal',
    [
      {
        op: 'rename',
        input: 1,
        names: [
          ['k', 'x'],
          ['v', 'y'],
        ],
      },
      { op: 'concat', inputs: [1, 2], how: 'horizontal' },
    ],
    'k,v,x,y',
    [
      ['a', 10, 'a', 10],
      ['d', 20, 'd', 20],
    ],
  ],
];

test.each(CASES)('%s does what the plan says', async (_, nodes, columns, rows) => {
  expect(await plans.run(nodes)).toEqual({ columns, rows });
});
