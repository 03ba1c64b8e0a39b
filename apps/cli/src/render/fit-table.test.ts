import { expect, test } from 'vitest';
import { fitTable } from './fit-table.ts';
import type { Output } from './output.ts';

const output: Output = {
  document: {},
  columns: [
    { title: 'run' },
    { title: 'version', yields: true },
    { title: 'state' },
    { title: 'took', yields: true },
    { title: 'trace', isWide: true },
  ],
  rows: [['01a0', '1', 'running', '3.4 s', 'abcdef']],
  whenEmpty: '',
};

const titles = (width: number) => fitTable(output, width).columns.map(({ title }) => title);

test('leaves out what yields, from the right on, until the rest fits', () => {
  expect(titles(Infinity)).toEqual(['run', 'version', 'state', 'took']);
  expect(titles(29)).toEqual(['run', 'version', 'state', 'took']);
  expect(titles(28)).toEqual(['run', 'version', 'state']);
  expect(titles(15)).toEqual(['run', 'state']);
  expect(fitTable(output, 15)).toMatchObject({ rows: [['01a0', 'running']], leavesOut: 2 });
});

test('keeps what does not yield, however narrow it is', () => {
  expect(titles(5)).toEqual(['run', 'state']);
});
