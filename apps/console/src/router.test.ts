import { describe, expect, test } from 'vitest';
import { PLAIN_PATHS, matchRoute, runPath, workflowPath } from './router.ts';

describe('matchRoute', () => {
  test.each(Object.entries(PLAIN_PATHS))('knows the page %s at %s', (page, path) => {
    expect(matchRoute(path)).toEqual({ page });
    if (path !== '/') expect(matchRoute(`${path}/`)).toEqual({ page });
  });

  test('knows runs, workflows and the editor by their names', () => {
    expect(matchRoute('/runs/01a2')).toEqual({ page: 'run', runId: '01a2' });
    expect(matchRoute('/workflows/late-flights/')).toEqual({
      page: 'workflow',
      name: 'late-flights',
    });
    expect(matchRoute('/views/01a2')).toEqual({ page: 'view', viewId: '01a2' });
    expect(matchRoute('/edit')).toEqual({ page: 'editor', name: '' });
    expect(matchRoute('/edit/late-flights')).toEqual({ page: 'editor', name: 'late-flights' });
  });

  test('takes names apart as they were put together', () => {
    expect(matchRoute(runPath('a/b c'))).toEqual({ page: 'run', runId: 'a/b c' });
    expect(matchRoute(workflowPath('<b>'))).toEqual({ page: 'workflow', name: '<b>' });
  });

  test('takes a name that is wrongly encoded as it is', () => {
    expect(matchRoute('/runs/%E0%A4%A')).toEqual({ page: 'run', runId: '%E0%A4%A' });
  });

  test('says which page there is not', () => {
    expect(matchRoute('/nowhere')).toEqual({ page: 'missing', path: '/nowhere' });
    expect(matchRoute('/runs/a/b')).toEqual({ page: 'missing', path: '/runs/a/b' });
  });
});
