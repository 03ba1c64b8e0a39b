import { parseProgram } from '@floe/expression';
import { parse } from 'yaml';
import { expect, test } from 'vitest';
import { importWorkflow, type Json } from '../src/index.ts';
import {
  column,
  importNodes,
  sha256,
  source,
  target,
  transformation,
  type Node,
} from './documents.ts';

type Task = { query?: string; polars?: string; inputs?: string[]; [field: string]: unknown };

/** The tasks that nodes become. */
function tasksOf(
  nodes: Record<string, Node>,
  dependencies?: Parameters<typeof importNodes>[1],
): Record<string, Task> {
  const { floe, legacy } = importNodes(nodes, dependencies);
  expect(legacy.refusals).toEqual([]);
  const { tasks } = parse(floe.source ?? '') as { tasks: Record<string, Task> };
  // What is made is Polars that Floe reads.
  for (const { polars, inputs = [] } of Object.values(tasks)) {
    if (polars !== undefined) parseProgram(polars, { inputs });
  }
  return tasks;
}

function refusalsOf(nodes: Record<string, Node>, dependencies?: Parameters<typeof importNodes>[1]) {
  const { floe, legacy } = importNodes(nodes, dependencies);
  expect(floe.source).toBeUndefined();
  return legacy.refusals.map(({ path, message }) => `${path}: ${message}`);
}

const queryOf = (dbDetails: Node) =>
  tasksOf({ src: source({ dbDetails: { db: 'hr', ...dbDetails } }), tgt: target() })['src']?.query;

test.each([
  [{ table: 'employees' }, 'select * from public.employees'],
  [{ table: 'employees', schema: 'staff' }, 'select * from staff.employees'],
  [{ table: 'order' }, 'select * from public."order"'],
  [{ table: 'my table' }, 'select * from public."my table"'],
  [{ table: 't', filter: 'id > 0' }, 'select * from public.t where id > 0'],
  [{ table: 't', filter: ' WHERE id > 0; ' }, 'select * from public.t WHERE id > 0'],
  [{ table: 't', filter: 'order by id limit 5' }, 'select * from public.t order by id limit 5'],
  [
    { table: 't', filter: "name = ';--' and (a)" },
    "select * from public.t where name = ';--' and (a)",
  ],
  [{ table: 't', sql: 'select 1;', filter: 'x' }, 'select 1'],
])('the source %j reads %s', (details, query) => {
  expect(queryOf(details)).toBe(query);
});

test.each([
  [{ table: 't', filter: '1 = 1; drop table t' }, /semicolon ends the query here \(character 6/],
  [{ table: 't', filter: "name = 'open" }, /quote is not closed/],
  [{ table: 't', filter: 'a > 0) union (select 1' }, /closes that was not opened \(character 6/],
  [{ table: 't', filter: 'a > 0 -- b' }, /comment begins here \(character 7/],
  [{ table: 't', filter: 'a = ${{ params.b }}' }, /parameter of Floe/],
  [{ schema: 's' }, /neither sql nor table/],
])('the source %j is refused', (details, message) => {
  const nodes = { src: source({ dbDetails: { db: 'hr', ...details } }), tgt: target() };
  expect(refusalsOf(nodes)[0]).toMatch(message);
});

const polarsOf = (node: Node) => tasksOf({ src: source(), x: node, tgt: target() })['x']?.polars;

test('expressions see what those before them have made, and only selected columns go on', () => {
  const columns = [
    column('id'),
    column('gross', 'net * 1.25'),
    column('name', 'upper(name)'),
    column('tax', 'gross - net'),
    column('hidden', undefined, false),
  ];
  expect(polarsOf(transformation('expression', { transformations: { source: { columns } } }))).toBe(
    [
      '(',
      '    src',
      '    .with_columns(',
      '        (pl.col("net") * 1.25).alias("gross"),',
      '        pl.col("name").str.to_uppercase().alias("name"),',
      '    )',
      '    .with_columns((pl.col("gross") - pl.col("net")).alias("tax"))',
      '    .select("id", "gross", "name", "tax")',
      ')',
    ].join('\n'),
  );
});

test.each([
  [
    'filter',
    { transformations: { transformations: [column('a', 'a > 1 and (b = 2 or c is null)')] } },
    'src.filter((pl.col("a") > 1) & ((pl.col("b") == 2) | pl.col("c").is_null()))',
  ],
  ['filter', { condition: 'a > 1' }, 'src.filter(pl.col("a") > 1)'],
  [
    'selectcolumns',
    {
      transformations: [
        column('a'),
        column('b', undefined, false),
        { name: 'c', target: 'd', selected: true },
      ],
    },
    'src.select("a", pl.col("c").alias("d"))',
  ],
  [
    'groupby',
    {
      transformations: [
        column('dept'),
        column('total', 'sum(salary * 2)'),
        column('n', 'count(*)'),
      ],
    },
    'src.group_by("dept").agg((pl.col("salary") * 2).sum().alias("total"), pl.len().alias("n"))',
  ],
  [
    'groupby',
    { group_by: ['dept'], aggregations: [{ column: 'salary', function: 'avg', alias: 'mean' }] },
    'src.group_by("dept").agg(pl.col("salary").mean().alias("mean"))',
  ],
  [
    'expression',
    { field_mapping: [{ value: 'a', target: 'b', selected: true, expression: 'a + 1' }] },
    'src.select((pl.col("a") + 1).alias("b"))',
  ],
])('a %s with %j', (type, changes, polars) => {
  expect(polarsOf(transformation(type, changes))?.trim()).toBe(polars);
});

test('both parents of a join are read, whichever comes first in the text', () => {
  const join = transformation('join', {
    joinType: 'LEFT',
    transformations: [column('key', 'right.employee_id = left.id')],
  });
  const tasks = tasksOf(
    { staff: source(), pay: source(), both: join, tgt: target() },
    { both: ['staff', 'pay'], tgt: ['both'] },
  );
  expect(tasks['both']).toMatchObject({
    inputs: ['staff', 'pay'],
    polars: 'staff.join(pay, left_on=["id"], right_on=["employee_id"], how="left")',
  });
});

test('all parents of a node are read, not only the first', () => {
  const tasks = tasksOf(
    { a: source(), b: source(), c: source(), tgt: target() },
    { tgt: ['a', 'b', 'c'] },
  );
  expect(tasks['tgt_rows']).toMatchObject({ polars: 'pl.concat([a, b, c])' });
  expect(tasks['tgt']).toMatchObject({ inputs: ['tgt_rows'], mode: 'append' });
});

test('a target loads what its mapping selects, under the names of the table', () => {
  const field_mapping = [
    { name: 'id', target: 'employee_id', selected: true },
    { name: 'salary', target: 'salary', selected: true },
    { name: 'secret', target: 'secret', selected: false },
  ];
  const dbDetails = { db: 'dwh', schema: 'mart', table: 'Pay', truncateTable: 'true' };
  const tasks = tasksOf({ src: source(), tgt: target({ field_mapping, dbDetails }) });
  expect(tasks['tgt_rows']?.polars).toBe('src.select(pl.col("id").alias("employee_id"), "salary")');
  expect(tasks['tgt']).toEqual({
    type: 'postgres_load',
    description: 'Target',
    inputs: ['tgt_rows'],
    connection: 'dwh',
    table: 'mart.Pay',
    mode: 'truncate',
    convert: true,
  });
});

test('a node behind a target gets the rows that were loaded, after they were', () => {
  const tasks = tasksOf({ src: source(), first: target(), second: target() });
  expect(tasks['second']).toMatchObject({ inputs: ['src'], needs: ['first'] });
});

test.each([
  ['salry ** 2', /column "x": `\*` is not expected here \(line 1, column 8 of `salry \*\* 2`\)/],
  ['upper(', /ends too early/],
  ['system("rm")', /no function `system`/],
])('the expression %s is refused with its column, text and place', (expression, message) => {
  const node = transformation('expression', { transformations: [column('x', expression)] });
  const [refusal] = refusalsOf({ src: source(), x: node, tgt: target() });
  expect(refusal).toMatch(/^connectionInformation_v1\.x\.transformations\[0\]\.expression: /);
  expect(refusal).toMatch(message);
});

test('what the graph says against the nodes is told', () => {
  const circle = refusalsOf({ a: source(), b: target() }, { a: ['b'], b: ['a'] });
  expect(circle[0]).toMatch(/go in a circle: \w → \w → \w/);
  expect(refusalsOf({ a: source(), b: target() }, { b: ['a', 'ghost'] })).toContain(
    'dependencies: name the node "ghost", which is not there',
  );
  expect(refusalsOf({ a: source(), b: target() }, {})).toContain(
    'connectionInformation_v1.b: Target is a target without a parent, so it has no rows',
  );
  const { legacy } = importNodes({ a: source(), b: source(), c: target() });
  expect(legacy.notes.map(({ message }) => message)).toContain(
    'Source is a source and has 1 parents; it only waits for them',
  );
});

test('a canvas says the same as the older form', () => {
  const config = { dbDetails: { db: 'hr', table: 'employees' } };
  const data = (nodeType: string, connectorType: string, settings: Node) => ({
    label: nodeType,
    nodeType,
    connectorType,
    config: settings,
  });
  const workflow_diagram = {
    nodes: [
      {
        id: 's',
        type: 'custom',
        position: { x: 1, y: 2 },
        data: data('source', 'postgresql', config),
      },
      { id: 'f', type: 'custom', data: data('transformation', 'filter', { condition: 'a > 1' }) },
      { id: 't', type: 'custom', data: data('target', 'postgresql', { db: 'dwh', table: 'out' }) },
    ],
    edges: [
      { id: 'e1', source: 's', target: 'f' },
      { id: 'e2', source: 'f', target: 't' },
    ],
  };
  const { floe, legacy } = importNodes({}, {});
  expect(floe.source).toBeUndefined();
  expect(legacy.refusals[0]?.message).toBe('has no nodes');
  const imported = importCanvas(workflow_diagram);
  const { tasks } = parse(imported.floe.source ?? '') as { tasks: Record<string, Task> };
  expect(Object.values(tasks).map((task) => task['type'])).toEqual([
    'postgres_extract',
    'expression_transform',
    'postgres_load',
  ]);
  expect(imported.legacy.unmapped).toEqual([
    'workflow_diagram.edges.*.id',
    'workflow_diagram.nodes.*.position',
  ]);
});

function importCanvas(workflow_diagram: object) {
  return importWorkflow({ workflow_id: 'wf', workflow_diagram: workflow_diagram as Json }, sha256);
}
