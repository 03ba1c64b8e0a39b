import { expect, test } from 'vitest';
import { parseViews, withView, withoutView } from './saved-views.ts';

const failed = { name: 'failed', address: '/runs?state=failed' };
const live = { name: 'live', address: '/runs?state=running' };

test('reads what it has written, and nothing else', () => {
  expect(parseViews(JSON.stringify([failed, live]))).toEqual([failed, live]);
  expect(parseViews('')).toEqual([]);
  expect(parseViews('{"a": 1}')).toEqual([]);
  const foreign = [{ name: 'out', address: 'https://evil.example/runs' }, { name: 1 }, null, live];
  expect(parseViews(JSON.stringify(foreign))).toEqual([live]);
});

test('a view of the same name takes the place of the other', () => {
  const views = withView(withView([], failed), live);
  const renewed = { name: 'failed', address: '/runs?state=failed&since=24h' };
  expect(withView(views, renewed)).toEqual([live, renewed]);
  expect(withoutView(views, 'live')).toEqual([failed]);
});
