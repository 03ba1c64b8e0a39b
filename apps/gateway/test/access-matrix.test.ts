/** Every route, with every kind of token: who is let in and who is not, to the exact status and code. */
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LEVELS, includes, levelOfScope } from '../src/access/level.ts';
import type { Level } from '../src/access/level.ts';
import { writeToken } from '../src/access/token-text.ts';
import { ROUTES } from '../src/routes/index.ts';
import { ask, makeToken, startAccessFixture } from './access-fixture.ts';
import type { AccessFixture } from './access-fixture.ts';

let fixture: AccessFixture;
const tokens = new Map<string, string>();

beforeAll(async () => {
  // More wrong tokens than anybody would send in good faith.
  fixture = await startAccessFixture({}, { rates: { requestsMax: 100_000, failuresMax: 100_000 } });
  for (const scope of LEVELS) {
    tokens.set(scope, (await makeToken(fixture, { name: `is-${scope}`, scope })).secret);
  }
  const expireTime = new Date(Date.now() + 300).toISOString();
  const short = await makeToken(fixture, { name: 'short', scope: 'admin', expireTime });
  tokens.set('expired', short.secret);
  const gone = await makeToken(fixture, { name: 'gone', scope: 'admin' });
  await ask(`${fixture.url}/api/v1/tokens/${gone.tokenId}`, {
    method: 'DELETE',
    token: fixture.admin,
  });
  tokens.set('revoked', gone.secret);
  tokens.set('unknown', writeToken(new Uint8Array(32).fill(7)));
  tokens.set('with a slip', `${(tokens.get('admin') ?? '').slice(0, -1)}~`);
  tokens.set('of another kind', 'ghp_0123456789');
  await delay(350);
}, 60_000);

afterAll(() => fixture[Symbol.asyncDispose]());

const REFUSED = [
  ['no token', undefined, 'TOKEN_MISSING'],
  ['of another kind', 'of another kind', 'TOKEN_INVALID'],
  ['with a slip', 'with a slip', 'TOKEN_INVALID'],
  ['unknown', 'unknown', 'TOKEN_INVALID'],
  ['expired', 'expired', 'TOKEN_EXPIRED'],
  ['revoked', 'revoked', 'TOKEN_REVOKED'],
] as const;

describe.each(ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))(
  '%s',
  (_, { method, path, scope }) => {
    const wanted = levelOfScope(scope);
    const send = (name: string | undefined) =>
      ask(`${fixture.url}${path.replaceAll(/\{\w+\}/g, 'x')}`, {
        method,
        token: name === undefined ? undefined : tokens.get(name),
      });

    test('lets in whom it should, and nobody else', async () => {
      if (wanted === 'public') {
        for (const [, name] of REFUSED) expect([401, 403]).not.toContain((await send(name)).status);
        return;
      }
      for (const [kind, name, code] of REFUSED) {
        const answer = await send(name);
        expect([kind, answer.status, answer.body['code']]).toEqual([kind, 401, code]);
        expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="floe"/);
      }
      for (const level of LEVELS) {
        const { status, body } = await send(level);
        expect([level, ...verdict(level, wanted, { status, code: body['code'] })]).toEqual([
          level,
          includes(level, wanted) ? 'let in' : 'refused',
        ]);
      }
    });
  },
);

/** Let in means that anything but the caller may still be wrong. */
function verdict(
  level: Level,
  wanted: Level,
  { status, code }: { readonly status: number; readonly code: unknown },
): unknown[] {
  if (status === 403 && code === 'SCOPE_INSUFFICIENT') return ['refused'];
  if (status !== 401 && status !== 403) return ['let in'];
  return ['neither', status, code, level, wanted];
}

test('a path that no route has asks nobody', async () => {
  expect((await ask(`${fixture.url}/api/v1/nothing`)).status).toBe(404);
  // Old callers know no other number.
  expect((await ask(`${fixture.url}/legacy/nothing`)).status).toBe(400);
});
