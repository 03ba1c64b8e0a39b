import { expect, test } from 'vitest';
import { noteAt } from './explain-word.ts';
import type { Outline } from './outline.ts';

const OUTLINE: Outline = {
  fields: {
    tasks: {
      each: {
        types: {
          noop: { note: 'Does nothing.' },
          check: {
            note: 'Checks rows.',
            fields: {
              retries: { note: 'How often it is tried again.' },
              rules: { note: 'What has to hold.' },
            },
          },
        },
      },
    },
  },
};

const LINES = ['tasks:', '  sound:', '    type: check', '    rules: noop', '    retries: 3'];
const noteOf = (line: number, word: string) => {
  const from = LINES[line]!.indexOf(word);
  return noteAt(LINES, { line, from, to: from + word.length }, { outline: OUTLINE });
};

test('says what fields of every task and of its type mean, and what a type does', () => {
  expect(noteOf(4, 'retries')).toBe('How often it is tried again.');
  expect(noteOf(3, 'rules')).toBe('What has to hold.');
  expect(noteOf(2, 'check')).toBe('Checks rows.');
  expect(noteOf(2, 'type')).toBe('What the task does.');
});

test('says nothing of names that the author has chosen, and of values that are none of a list', () => {
  expect(noteOf(1, 'sound')).toBeUndefined();
  expect(noteOf(3, 'noop')).toBeUndefined();
  expect(noteOf(4, '3')).toBeUndefined();
});
