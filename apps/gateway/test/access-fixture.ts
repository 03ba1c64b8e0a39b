import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@floe/database';
import { startTestPostgres } from '@floe/testing';
import type { TestPostgres } from '@floe/testing';
import type { GatewayOverrides } from '../src/service.ts';
import { startFixture } from './gateway-fixture.ts';
import type { Behind, Fixture } from './gateway-fixture.ts';

/** A gateway that requires tokens, with a control database of its own. */
export type AccessFixture = Fixture & {
  readonly postgres: TestPostgres;
  readonly databaseUrl: string;
  /** The first token, as the start left it. */
  readonly admin: string;
};

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
};

export async function startAccessFixture(
  behind: Behind,
  overrides: GatewayOverrides = {},
): Promise<AccessFixture> {
  await using owned = new AsyncDisposableStack();
  const stateDir = await mkdtemp(join(tmpdir(), 'floe-test-access-'));
  owned.defer(() => rm(stateDir, { recursive: true, force: true }));
  const postgres = owned.use(await startTestPostgres());
  const databaseUrl = await postgres.createDatabase('control');
  await migrate(databaseUrl);
  const settings = {
    FLOE_DATABASE_URL: databaseUrl,
    FLOE_TOKENS: 'required',
    FLOE_STATE_DIR: stateDir,
  };
  const fixture = owned.use(await startFixture(behind, overrides, settings));
  const admin = (await readFile(join(stateDir, 'first-admin-token'), 'utf8')).trim();
  const running = owned.move();
  return {
    ...fixture,
    postgres,
    databaseUrl,
    admin,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

export type Asked = {
  readonly method?: string;
  readonly token?: string | undefined;
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
};

export async function ask(url: string, asked: Asked = {}): Promise<Answer> {
  const { method = 'GET', token, body, headers } = asked;
  const response = await fetch(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json') && text !== '';
  const parsed = isJson ? (JSON.parse(text) as Answer['body']) : {};
  return { status: response.status, headers: response.headers, body: parsed };
}

/** Makes a token; its secret and id. */
export async function makeToken(
  fixture: AccessFixture,
  body: object,
): Promise<{ secret: string; tokenId: string }> {
  const { status, body: answer } = await ask(`${fixture.url}/api/v1/tokens`, {
    method: 'POST',
    token: fixture.admin,
    body,
  });
  if (status !== 200) throw new Error(JSON.stringify(answer));
  const { token, secret } = answer as { token: { tokenId: string }; secret: string };
  return { secret, tokenId: token.tokenId };
}
