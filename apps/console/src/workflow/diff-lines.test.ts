import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aroundChanges, diffLines } from './diff-lines.ts';

const marks = (before: string, after: string) =>
  diffLines(before, after).map(
    ({ kind, text }) => `${{ same: ' ', removed: '-', added: '+' }[kind]}${text}`,
  );

test('marks what was taken out and what was put in', () => {
  expect(marks('a\nb\nc', 'a\nx\nc')).toEqual([' a', '-b', '+x', ' c']);
  expect(marks('a\nb', 'a\nb')).toEqual([' a', ' b']);
  expect(marks('a\nb\nc\nd', 'b\nd\ne')).toEqual(['-a', ' b', '-c', ' d', '+e']);
});

const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 });

test('gives both texts back, whatever they are', () => {
  fc.assert(
    fc.property(text, text, (old, now) => {
      const lines = diffLines(old.join('\n'), now.join('\n'));
      const side = (left: 'added' | 'removed') =>
        lines.filter(({ kind }) => kind !== left).map((line) => line.text);
      expect(side('added').join('\n')).toBe(old.join('\n'));
      expect(side('removed').join('\n')).toBe(now.join('\n'));
      const numbers = lines.filter(({ after }) => after > 0).map(({ after }) => after);
      expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    }),
  );
});

test('keeps lines around changes, and a mark for what is left out', () => {
  const lines = diffLines('1\n2\n3\n4\n5\n6\n7', '1\n2\n3\nx\n5\n6\n7');
  expect(aroundChanges(lines, 1).map((line) => line?.text)).toEqual([
    undefined,
    '3',
    '4',
    'x',
    '5',
    undefined,
  ]);
  expect(aroundChanges(diffLines('a', 'a'), 3)).toEqual([]);
});
