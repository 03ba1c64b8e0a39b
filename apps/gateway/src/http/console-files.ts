import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { pagePolicy } from './security-headers.ts';

const CONSOLE_FOLDER = join(import.meta.dirname, '../../../console/dist');

// The names of built assets hold a hash of their content, so they never change.
const FOREVER = 'public, max-age=31536000, immutable';
const ASSETS = `${sep}assets${sep}`;
const NONCE_BYTES = 18;

const MISSING = `The console is not built.

Build it with:  npm run build --workspace @floe/console
and start the gateway again. The API works without it: GET /api/openapi.json lists every route.
`;

/** Answers with the page of the console. */
export type SendPage = (reply: FastifyReply) => Promise<FastifyReply>;

/**
 * Serves the built console at the root. Gives what sends its page, for views that no file has; undefined where the
 * console is not built: then the root is a page of plain text that says how to build it.
 */
export async function serveConsole(
  app: FastifyInstance,
  folder = CONSOLE_FOLDER,
): Promise<SendPage | undefined> {
  const page = join(folder, 'index.html');
  if (!existsSync(page)) {
    app.get('/', (_, reply) => reply.type('text/plain; charset=utf-8').send(MISSING));
    return undefined;
  }
  const sendPage: SendPage = async (reply) => send(await readFile(page, 'utf8'), reply);
  app.get('/', (_, reply) => sendPage(reply));
  app.get('/index.html', (_, reply) => sendPage(reply));
  await app.register(fastifyStatic, {
    root: folder,
    index: false,
    cacheControl: false,
    dotfiles: 'ignore',
    setHeaders: (reply, path) => {
      reply.header('cache-control', path.includes(ASSETS) ? FOREVER : 'no-cache');
    },
  });
  return sendPage;
}

/** Never kept: a page that a browser has kept names a nonce that is over. */
function send(page: string, reply: FastifyReply): FastifyReply {
  const nonce = randomBytes(NONCE_BYTES).toString('base64');
  const named = page.replace('<head>', `<head>\n    <meta name="csp-nonce" content="${nonce}" />`);
  return reply
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .header('content-security-policy', pagePolicy(nonce))
    .send(named);
}

/** Whether a path that no file has belongs to a view of the console, which the console itself resolves. */
export function isConsoleView(method: string, path: string): boolean {
  const isFile = (path.split('/').at(-1) ?? '').includes('.');
  return method === 'GET' && !/^\/(api|legacy)\//.test(path) && !isFile;
}
