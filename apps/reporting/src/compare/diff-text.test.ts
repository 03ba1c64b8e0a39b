import { expect, test } from 'vitest';
import { diffText } from './diff-text.ts';

const lines = (...texts: readonly string[]) => texts.join('\n');

test('what is equal has no difference', () => {
  expect(diffText('a\nb', 'a\nb')).toBe('');
});

test('a change is shown with three lines around it, and where it is', () => {
  const base = lines('1', '2', '3', '4', '5', '6', '7', '8', '9');
  expect(diffText(base, base.replace('5', 'five'))).toBe(
    lines('@@ -2,7 +2,7 @@', ' 2', ' 3', ' 4', '-5', '+five', ' 6', ' 7', ' 8'),
  );
});

test('changes far from each other are apart', () => {
  const base = Array.from({ length: 30 }, (_, index) => String(index)).join('\n');
  const diff = diffText(base, base.replace('\n3\n', '\n').replace('\n25\n', '\n25\nnew\n'));
  expect(diff.split('\n').filter((line) => line.startsWith('@@'))).toEqual([
    '@@ -1,7 +1,6 @@',
    '@@ -24,6 +23,7 @@',
  ]);
});

test('a text before which there was none', () => {
  expect(diffText('', 'a')).toBe(lines('@@ -1,1 +1,1 @@', '-', '+a'));
});

test('texts too long to search are shown one after the other', () => {
  const long = (mark: string) => Array.from({ length: 1_100 }, () => mark).join('\n');
  const diff = diffText(long('a'), long('b')).split('\n');
  expect(diff.slice(1, 1_101).every((line) => line === '-a')).toBe(true);
  expect(diff).toHaveLength(2_201);
});
