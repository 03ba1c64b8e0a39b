import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

const CONSOLE_FOLDER = join(import.meta.dirname, '../../../console/dist');

// The names of built assets hold a hash of their content, so they never change.
const FOREVER = 'public, max-age=31536000, immutable';
const ASSETS = `${sep}assets${sep}`;

const MISSING = `The console is not built.

Build it with:  npm run build --workspace @floe/console
and start the gateway again. The API works without it: GET /api/openapi.json lists every route.
`;

/**
 * Serves the built console at the root. Answers whether it is there; without it the root is a page of plain text that
 * says how to build it.
 */
export async function serveConsole(
  app: FastifyInstance,
  folder = CONSOLE_FOLDER,
): Promise<boolean> {
  if (!existsSync(join(folder, 'index.html'))) {
    app.get('/', (_, reply) => reply.type('text/plain; charset=utf-8').send(MISSING));
    return false;
  }
  await app.register(fastifyStatic, {
    root: folder,
    cacheControl: false,
    dotfiles: 'ignore',
    setHeaders: (reply, path) => {
      reply.header('cache-control', path.includes(ASSETS) ? FOREVER : 'no-cache');
    },
  });
  return true;
}

/** Whether a path that no file has belongs to a view of the console, which the console itself resolves. */
export function isConsoleView(method: string, path: string): boolean {
  const isFile = (path.split('/').at(-1) ?? '').includes('.');
  return method === 'GET' && !path.startsWith('/api/') && !isFile;
}
