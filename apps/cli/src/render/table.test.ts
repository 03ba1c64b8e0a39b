import pc from 'picocolors';
import { expect, test } from 'vitest';
import { renderRows, renderTable } from './table.ts';

const plain = pc.createColors(false);

test('aligns columns, numbers to the right', () => {
  const columns = [{ title: 'task' }, { title: 'rows', align: 'right' as const }];
  const rows = [
    ['flights', '3,000,000'],
    ['x', '7'],
  ];
  expect(renderTable(columns, rows, plain)).toEqual([
    'task          rows',
    'flights  3,000,000',
    'x                7',
  ]);
});

test('shows text that would move the cursor or break the line as blanks', () => {
  const columns = [{ title: 'name' }];
  expect(renderRows(columns, [['a\u001b[2Jb\nc\u202ed']])).toEqual(['ab c d']);
});

test('cuts lines to the width with an ellipsis', () => {
  const columns = [{ title: 'a' }, { title: 'b' }];
  const [line = ''] = renderRows(columns, [['name', 'a long remark']], 12);
  expect(line).toBe('name  a lon…');
});

test('leaves no blanks at the end of a line', () => {
  const columns = [{ title: 'a' }, { title: 'b' }, { title: 'c' }];
  const rows = [
    ['1', '', ''],
    ['22', '3', 'x'],
  ];
  expect(renderRows(columns, rows)).toEqual(['1', '22  3  x']);
});
