import { expect, test } from 'vitest';
import { toRouterPath, unknownRoute } from './route-match.ts';

test('a colon of our own is not a parameter to the router', () => {
  expect(toRouterPath('/api/v1/runs/{run_id}:cancel')).toBe('/api/v1/runs/:run_id([^/:]+)::cancel');
});

test('names the methods that a known path takes', () => {
  expect(unknownRoute('PATCH', '/api/v1/runs').message).toBe(
    '/api/v1/runs takes POST, GET, HEAD, OPTIONS, not PATCH',
  );
});

test('names the nearest path, with the values that were given', () => {
  expect(unknownRoute('GET', '/api/v1/run/abc/task').hint).toContain('/api/v1/runs/abc/tasks');
  expect(unknownRoute('POST', '/api/v1/runs/abc:cancle').hint).toContain('/api/v1/runs/abc:cancel');
});

test('names no path when none is near', () => {
  expect(unknownRoute('GET', '/wp-login.php').hint).not.toContain('Did you mean');
});
