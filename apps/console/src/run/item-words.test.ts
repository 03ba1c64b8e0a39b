import { expect, test } from 'vitest';
import { itemWords } from './item-words.ts';

const sourceOf = (source: object) => ({ foreach: { type: 'string', parallel: 4, source } });
const values = [
  { kind: 'string', value: 'north' },
  { kind: 'string', value: 'south' },
];
const document = {
  tasks: [
    { id: 'named', ...sourceOf({ from: 'list', values }) },
    { id: 'given', ...sourceOf({ from: 'parameter', name: 'regions' }) },
    { id: 'rows', ...sourceOf({ from: 'rows', task: 'named', column: 'id' }) },
    { id: 'parts', partitions: { count: 4 } },
  ],
} as unknown as Parameters<typeof itemWords>[0];

test('names items as the document does, or the parameter that holds them', () => {
  expect(itemWords(document, 'named').values).toEqual(['north', 'south']);
  expect(itemWords(document, 'given', { regions: '[1, 2]' }).values).toEqual(['1', '2']);
});

test('names none where only the run has known them, or where the list is none', () => {
  expect(itemWords(document, 'rows')).toEqual({ word: 'item', values: [] });
  expect(itemWords(document, 'given', { regions: '[1' }).values).toEqual([]);
  expect(itemWords(document, 'given').values).toEqual([]);
});

test('calls the parts of one extract partitions', () => {
  expect(itemWords(document, 'parts')).toEqual({ word: 'partition', values: [] });
});
