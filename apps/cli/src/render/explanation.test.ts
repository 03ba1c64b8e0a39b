import pc from 'picocolors';
import { expect, test } from 'vitest';
import { renderExplanation } from './explanation.ts';

const plain = pc.createColors(false);
const task = {
  type: 'noop',
  upstreamTaskIds: [],
  step: 1,
  sql: '',
  columnsLeftOut: [],
  partitions: '',
  rowsExtracted: '',
  plan: [],
  columns: [],
  stageTaskIds: [],
};

test('shows each task with its SQL or its plan, and what is left out', () => {
  const explained = {
    workflowName: 'sales',
    warnings: [],
    tasks: [
      {
        ...task,
        taskId: 'sales',
        type: 'postgres_extract',
        sql: 'select "a"\nfrom t\u001b[2J',
        partitions: '4 partitions of one snapshot',
        columnsLeftOut: ['b', 'c'],
        rowsExtracted: '"a" > 1',
      },
      {
        ...task,
        taskId: 'big',
        type: 'expression_transform',
        step: 2,
        upstreamTaskIds: ['sales'],
        plan: ['sales', '  .head(5)  → a'],
        stageTaskIds: ['big', 'bigger'],
        columns: [{ name: 'a', type: 'Int64' }],
      },
    ],
  };
  expect(renderExplanation(explained, plain)).toEqual([
    'sales: 2 tasks in 2 steps',
    '',
    '1. sales  postgres_extract',
    '   select "a"',
    '   from t',
    '   4 partitions of one snapshot',
    '   not extracted, because no task uses them: b, c',
    '   rows that the condition leaves out are counted nowhere; the tasks behind check it again',
    '',
    '2. big  expression_transform ← sales',
    '   sales',
    '     .head(5)  → a',
    '   one query with bigger',
    '   gives a Int64',
  ]);
});
