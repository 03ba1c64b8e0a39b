import { FloeError, nearestName } from '@floe/errors';
import { ROUTES } from '../routes/index.ts';
import type { Route } from '../routes/route.ts';

const PARAMETER = /\{[a-z_]+\}/g;

/**
 * The path as the router of fastify takes it: `{name}` is `:name`, and a colon of our own is doubled. Before a verb the
 * parameter says that it has no colon, or the router would take the verb as part of its name.
 */
export function toRouterPath(path: string): string {
  return path
    .replaceAll(':', '::')
    .replaceAll(/\{([a-z_]+)\}(?=::)/g, ':$1([^/:]+)')
    .replaceAll(/\{([a-z_]+)\}/g, ':$1');
}

/** What to answer to a request that no route takes: the methods that the path has, or the nearest path. */
export function unknownRoute(method: string, path: string): FloeError {
  const methods = methodsOf(path);
  if (methods.length > 0) {
    return new FloeError('ROUTE_NOT_FOUND', `${path} takes ${methods.join(', ')}, not ${method}`, {
      details: { path, methods: methods.join(',') },
      hint: 'GET /api/openapi.json lists every route.',
    });
  }
  const nearest = nearestName(path, new Set(ROUTES.map((route) => fillIn(route.path, path))));
  const meant = nearest === undefined ? '' : `Did you mean ${nearest}? `;
  return new FloeError('ROUTE_NOT_FOUND', `the gateway has no ${path}`, {
    details: { path },
    hint: `${meant}GET /api/openapi.json lists every route.`,
  });
}

/** All that the path takes. A read can be asked for its headers only, unless it is a stream. */
function methodsOf(path: string): string[] {
  const routes = ROUTES.filter((route) => matches(route, path));
  if (routes.length === 0) return [];
  const hasHead = routes.some((route) => route.method === 'GET' && route.kind !== 'stream');
  return [...routes.map((route) => route.method), ...(hasHead ? ['HEAD'] : []), 'OPTIONS'];
}

function matches(route: Route, path: string): boolean {
  const source = route.path
    .split(PARAMETER)
    .map((part) => part.replaceAll('.', String.raw`\.`))
    .join('[^/:]+');
  return new RegExp(`^${source}$`).test(path);
}

/** The route's path with the given path's own values, so that only the fixed words are compared. */
function fillIn(routePath: string, path: string): string {
  const given = path.split('/');
  const parts = routePath.split('/');
  return parts
    .map((part, index) => part.replace(PARAMETER, (name) => given[index]?.split(':')[0] || name))
    .join('/');
}
