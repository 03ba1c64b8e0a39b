import { describe, expect, test } from 'vitest';
import { matchRoute } from './router.ts';

describe('matchRoute', () => {
  test('shows the runs at the root', () => {
    expect(matchRoute('/')).toEqual({ page: 'runs' });
    expect(matchRoute('/runs')).toEqual({ page: 'runs' });
  });

  test('reads the id of a run', () => {
    expect(matchRoute('/runs/0199-abc')).toEqual({ page: 'run', runId: '0199-abc' });
    expect(matchRoute('/runs/a%20b/')).toEqual({ page: 'run', runId: 'a b' });
  });

  test('passes on an id that is not well encoded', () => {
    expect(matchRoute('/runs/%E0%A4%A')).toEqual({ page: 'run', runId: '%E0%A4%A' });
  });

  test('knows no other page', () => {
    expect(matchRoute('/nowhere/else')).toEqual({ page: 'missing', path: '/nowhere/else' });
  });
});
