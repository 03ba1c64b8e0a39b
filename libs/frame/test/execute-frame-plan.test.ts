import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FrameNode } from '@floe/expression';
import pl from 'nodejs-polars';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { previewDataset } from '../src/arrow/preview-dataset.ts';
import { executeFramePlan, polarsVersion } from '../src/polars/execute-frame-plan.ts';
import { datasetFromCsv } from '../src/polars/import-file.ts';

let folder: string;
let inputs: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-plan-[1]-'));
  inputs = { left: join(folder, 'left.ipc'), right: join(folder, 'right.ipc') };
  const left = pl.DataFrame({
    k: ['b', 'a', 'c', 'a'],
    v: pl.Series('v', [1, 2, null, 4], pl.Int32),
    w: pl.Series('w', [9, 8, 7, 6], pl.Int32),
  });
  const right = pl.DataFrame({ k: ['a', 'd'], v: pl.Series('v', [10, 20], pl.Int32) });
  await left.lazy().sinkIpc(inputs['left']!).collect();
  await right.lazy().sinkIpc(inputs['right']!).collect();
});
afterAll(() => rm(folder, { recursive: true }));

const column = (name: string): string => JSON.stringify({ Column: name });

async function run(...nodes: readonly FrameNode[]): Promise<unknown> {
  const output = join(folder, `out-${Math.random()}.ipc`);
  const sources: FrameNode[] = [
    { op: 'input', name: 'left' },
    { op: 'input', name: 'right' },
  ];
  const all = [...sources, ...nodes];
  await executeFramePlan({ nodes: all, output: all.length - 1 }, { inputs, output });
  const { schema, rows } = await previewDataset(output, 100);
  return { columns: schema.map((each) => each.name).join(), rows };
}

const byKey = {
  op: 'sort',
  by: [column('k')],
  descending: [true],
  nullsLast: [false],
  maintainOrder: true,
} as const;
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

const CASES: readonly (readonly [string, readonly FrameNode[], string, readonly unknown[][]])[] = [
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
    'with_row_index',
    [{ op: 'with_row_index', input: 1, name: 'i', offset: 5 }],
    'i,k,v',
    [
      [5, 'a', 10],
      [6, 'd', 20],
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
  expect(await run(...nodes)).toEqual({ columns, rows });
});

test('an output of several columns keeps its schema and count', async () => {
  const output = join(folder, 'facts.ipc');
  const facts = await executeFramePlan(
    { nodes: [{ op: 'input', name: 'left' }], output: 0 },
    { inputs, output },
  );
  expect(facts).toMatchObject({
    rows: 4,
    schema: [
      { name: 'k', type: { kind: 'string' } },
      { name: 'v', type: { kind: 'int32' } },
      { name: 'w' },
    ],
  });
});

test('the failure of Polars says what Polars says and leaves no file', async () => {
  const plan = {
    nodes: [
      { op: 'input', name: 'left' },
      { op: 'select', input: 0, expressions: [column('nope')] },
    ],
    output: 1,
  } as const;
  const output = join(folder, 'failed.ipc');
  await expect(executeFramePlan(plan, { inputs, output })).rejects.toMatchObject({
    code: 'TRANSFORM_FAILED',
    message: expect.stringContaining('nope'),
  });
});

test('a disk that is full is told as that, not as a failure of the text, and leaves no file', async () => {
  const plan = { nodes: [{ op: 'input', name: 'left' }], output: 0 } as const;
  const output = join(folder, 'full.ipc');
  await symlink('/dev/full', `${output}.partial`);
  await expect(executeFramePlan(plan, { inputs, output })).rejects.toMatchObject({
    code: 'DATASET_STORE_UNAVAILABLE',
    message: expect.stringContaining('the disk is full'),
    details: { errno: 'ENOSPC' },
  });
  expect((await readdir(folder)).filter((name) => name.startsWith('full'))).toEqual([]);
});

test('an input that is not there is a missing dataset; one that is unknown gets the nearest name', async () => {
  const plan = { nodes: [{ op: 'input', name: 'left' }], output: 0 } as const;
  const output = join(folder, 'missing.ipc');
  const gone = { left: join(folder, 'gone.ipc') };
  await expect(executeFramePlan(plan, { inputs: gone, output })).rejects.toMatchObject({
    code: 'DATASET_MISSING',
  });
  await expect(executeFramePlan(plan, { inputs: { lefd: 'x' }, output })).rejects.toMatchObject({
    code: 'TRANSFORM_FAILED',
    hint: 'did you mean "lefd"?',
  });
});

test('the event loop stays free while Polars works', async () => {
  const many = join(folder, 'many.ipc');
  const numbers = pl.Series(
    'x',
    Float64Array.from({ length: 3_000_000 }, (_, index) => index),
  );
  await pl.DataFrame([numbers]).lazy().sinkIpc(many).collect();
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), 5);
  const sort = {
    op: 'sort',
    input: 0,
    by: [column('x')],
    descending: [true],
    nullsLast: [true],
    maintainOrder: true,
  } as const;
  await executeFramePlan(
    { nodes: [{ op: 'input', name: 'many' }, sort], output: 1 },
    { inputs: { many }, output: join(folder, 'sorted.ipc') },
  );
  clearInterval(timer);
  expect(ticks).toBeGreaterThan(2);
});

test('a CSV file becomes a dataset with inferred types', async () => {
  const csv = join(folder, 'in.csv');
  await writeFile(csv, 'day,n,s\n2001-02-03,1,\n2001-02-04,2,x\n');
  const facts = await datasetFromCsv(csv, join(folder, 'csv.ipc'));
  expect(facts.schema.map((each) => each.type.kind)).toEqual(['date', 'int64', 'string']);
  expect((await previewDataset(join(folder, 'csv.ipc'), 1)).rows).toEqual([
    ['2001-02-03', 1, null],
  ]);
});

test('the version of Polars is known', () => {
  expect(polarsVersion).toMatch(/^\d+\.\d+\.\d+$/);
});
