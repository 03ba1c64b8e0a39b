import { expect, test } from 'vitest';
import { rankCommands } from './rank-commands.ts';
import type { Command } from './rank-commands.ts';

const commands: Command[] = ['Runs', 'late-flights', 'Overview', 'flights-daily', 'Workflows'].map(
  (title) => ({ title, kind: '', act: () => undefined }),
);
const titles = (text: string) => rankCommands(commands, text).map(({ title }) => title);

test('shows all, in their order, for no text', () => {
  expect(titles(' ')).toEqual(['Runs', 'late-flights', 'Overview', 'flights-daily', 'Workflows']);
});

test('puts what begins with the text before what has it at a word', () => {
  expect(titles('FLIGHTS')).toEqual(['flights-daily', 'late-flights']);
});

test('finds letters that stand apart, after all better fits', () => {
  expect(titles('ow')).toEqual(['Workflows', 'Overview']);
  expect(titles('wfs')).toEqual(['Workflows']);
});

test('finds nothing for what nothing has', () => {
  expect(titles('xyz')).toEqual([]);
});
