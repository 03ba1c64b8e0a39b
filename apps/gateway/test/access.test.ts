/** Tokens and the audit log, on a real control database. */
import { readFile } from 'node:fs/promises';
import { openTarget } from '@floe/database';
import type { TargetSession } from '@floe/database';
import { FloeError } from '@floe/errors';
import { GetRunResponse, ListRunsResponse, StartRunResponse } from '@floe/rpc/contracts';
import { readEnvironment } from '@floe/service';
import { createLogger } from '@floe/telemetry';
import { eventually } from '@floe/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway } from '../src/service.ts';
import { ask, makeToken, startAccessFixture } from './access-fixture.ts';
import type { AccessFixture, Answer } from './access-fixture.ts';
import { listen } from './open-socket.ts';

const actors: (string | undefined)[] = [];

let fixture: AccessFixture;
const api = (path: string) => `${fixture.url}/api/v1${path}`;

beforeAll(async () => {
  fixture = await startAccessFixture(
    {
      scheduler: {
        startRun: async (request, call) => {
          actors.push(call.metadata['floe-actor']);
          return StartRunResponse.create({
            run: { runId: 'r1', workflowName: request.workflowName },
          });
        },
        cancelRun: async ({ runId }) => {
          throw new FloeError('RUN_ALREADY_ENDED', `run ${runId} has ended`);
        },
      },
      reporting: {
        getRun: async ({ runId }) =>
          GetRunResponse.create({ run: { runId, workflowName: runId === 'r1' ? 'etl' : 'other' } }),
        listRuns: async () => ListRunsResponse.create({ runs: [] }),
        watchRun: async function* ({ runId }, call) {
          yield* [];
          if (runId === 'endless') await new Promise((leave) => (call.signal.onabort = leave));
        },
      },
    },
    { heartbeatMs: 100 },
  );
}, 60_000);

afterAll(() => fixture[Symbol.asyncDispose]());

async function entries(query: string): Promise<Readonly<Record<string, unknown>>[]> {
  const { body } = await ask(api(`/audit?${query}`), { token: fixture.admin });
  return body['entries'] as Readonly<Record<string, unknown>>[];
}

test('a token is shown once, kept as a hash only, and listed without its secret', async () => {
  const made = await makeToken(fixture, { name: 'once', scope: 'read' });
  expect(made.secret).toMatch(/^floe_[0-9A-Za-z]{49}$/);
  const { body } = await ask(api('/tokens'), { token: fixture.admin });
  const tokens = body['tokens'] as readonly { name: string; createdBy: string }[];
  expect(tokens.find(({ name }) => name === 'once')).toMatchObject({
    scope: 'TOKEN_SCOPE_READ',
    createdBy: expect.stringMatching(/^token:first-admin-/),
  });
  expect(JSON.stringify(body)).not.toContain(made.secret);
  expect(await dumpOf('floe.api_token')).not.toContain(made.secret);
});

async function dumpOf(table: string): Promise<string> {
  await using session = await openAsOwner();
  return JSON.stringify(await session.query(`select * from ${table}`));
}

function openAsOwner(): Promise<TargetSession> {
  const { host, port, user, password } = fixture.postgres;
  const address = { host, port, user, password, database: 'control' };
  return openTarget(address, { applicationName: 'test', statementTimeoutMs: 0 });
}

test('a page names its token as a protocol of its WebSocket, which is not said again', async () => {
  const { secret } = await makeToken(fixture, { name: 'page', scope: 'read' });
  const url = api('/runs/r1/events');
  const heard = await listen(url, { protocols: ['floe.events', secret] });
  expect(heard).toMatchObject({ protocol: 'floe.events', text: expect.stringContaining('end') });
  const wrong = `${secret.slice(0, -1)}${secret.endsWith('0') ? '1' : '0'}`;
  await expect(listen(url, { protocols: ['floe.events', wrong] })).rejects.toThrow('refused');
  await expect(listen(url, { protocols: ['floe.events'] })).rejects.toThrow('refused');
  const limited = await makeToken(fixture, {
    name: 'page-of-one-workflow',
    scope: 'read',
    workflowNames: ['etl'],
  });
  const heardBy = async (runId: string) =>
    (await listen(api(`/runs/${runId}/events`), { protocols: ['floe.events', limited.secret] }))
      .text;
  expect(await heardBy('r1')).toContain('event: end');
  expect(await heardBy('r2')).toContain('SCOPE_INSUFFICIENT');
});

test('streams are broken off when their token is revoked, and those of others go on', async () => {
  const [lost, kept] = [
    await makeToken(fixture, { name: 'lost', scope: 'read' }),
    await makeToken(fixture, { name: 'kept', scope: 'read' }),
  ];
  const url = api('/runs/endless/events');
  const overHttp = async ({ secret }: { secret: string }, signal?: AbortSignal) =>
    fetch(url, { headers: { authorization: `Bearer ${secret}` }, signal: signal ?? null });
  const overSocket = listen(url, { protocols: ['floe.events', lost.secret] });
  const broken = await overHttp(lost);
  const leaving = new AbortController();
  const reader = (await overHttp(kept, leaving.signal)).body!.getReader();
  await ask(api(`/tokens/${lost.tokenId}`), { method: 'DELETE', token: fixture.admin });
  expect(await overSocket).toMatchObject({
    closeCode: 1001,
    text: expect.not.stringContaining('end'),
  });
  expect(await broken.text()).not.toContain('event: end');
  // Two rounds of questions are over, and heartbeats still come.
  for (let beat = 0; beat < 3; beat += 1) expect((await reader.read()).done).toBe(false);
  leaving.abort();
});

test('the last use of a token is noted', async () => {
  const { secret, tokenId } = await makeToken(fixture, { name: 'used', scope: 'read' });
  await ask(api('/runs'), { token: secret });
  await eventually(
    async () => {
      const { body } = await ask(api('/tokens?page_size=500'), { token: fixture.admin });
      const tokens = body['tokens'] as readonly { tokenId: string; lastUseAddress: string }[];
      return tokens.find((token) => token.tokenId === tokenId)?.lastUseAddress === '127.0.0.1';
    },
    { withinMs: 5_000 },
  );
});

test.each([
  ['a wrong name', { name: 'Not A Name', scope: 'read' }, 400, 'ARGUMENT_INVALID'],
  ['an unknown scope', { name: 'a', scope: 'god' }, 400, 'ARGUMENT_INVALID'],
  ['no scope', { name: 'a' }, 400, 'ARGUMENT_INVALID'],
  [
    'an end that is over',
    { name: 'a', scope: 'read', expireTime: '2001-01-01T00:00:00Z' },
    400,
    'ARGUMENT_INVALID',
  ],
  [
    'a limit to workflows that it is above',
    { name: 'a', scope: 'admin', workflowNames: ['etl'] },
    400,
    'ARGUMENT_INVALID',
  ],
])('a token with %s is not made', async (_, body, status, code) => {
  const answer = await ask(api('/tokens'), { method: 'POST', token: fixture.admin, body });
  expect([answer.status, answer.body['code']]).toEqual([status, code]);
});

test('a name means one token: the second is refused until the first is revoked', async () => {
  const first = await makeToken(fixture, { name: 'twice', scope: 'read' });
  const again = { method: 'POST', token: fixture.admin, body: { name: 'twice', scope: 'run' } };
  expect((await ask(api('/tokens'), again)).body['code']).toBe('TOKEN_NAME_TAKEN');
  await ask(api(`/tokens/${first.tokenId}`), { method: 'DELETE', token: fixture.admin });
  expect((await ask(api('/tokens'), again)).status).toBe(200);
  const gone = await ask(api('/tokens/none'), { method: 'DELETE', token: fixture.admin });
  expect([gone.status, gone.body['code']]).toEqual([404, 'TOKEN_NOT_FOUND']);
});

test('lists of tokens go on page by page, and end', async () => {
  const all = await ask(api('/tokens?page_size=500'), { token: fixture.admin });
  const names = (answer: Answer) =>
    (answer.body['tokens'] as readonly { name: string }[]).map(({ name }) => name);
  const paged: string[] = [];
  let link: string | null = '</api/v1/tokens?page_size=2>; rel="next"';
  while (link !== null) {
    const path: string = /<([^>]+)>/.exec(link)?.[1] ?? '';
    const page = await ask(`${fixture.url}${path}`, { token: fixture.admin });
    paged.push(...names(page));
    link = page.headers.get('link');
  }
  expect(paged).toEqual(names(all));
});

test('services learn who asked, and the log has the deed with its object and result', async () => {
  const { secret, tokenId } = await makeToken(fixture, { name: 'ci', scope: 'run' });
  const body = { workflowName: 'etl' };
  await ask(api('/runs'), { method: 'POST', token: secret, body });
  expect(actors.at(-1)).toBe('token:ci');
  await ask(api('/runs/r1:cancel'), { method: 'POST', token: secret, body: {} });
  await ask(api('/workflows/etl'), { method: 'DELETE', token: secret });
  await eventually(
    async () => {
      const found = await entries('actor=token:ci');
      expect(found).toMatchObject([
        { action: 'deleteWorkflow', object: 'workflows/etl', status: 403 },
        { action: 'cancelRun', object: 'runs/r1', status: 409, errorCode: 'RUN_ALREADY_ENDED' },
        { action: 'startRun', object: 'runs/r1', status: 200, errorCode: '', tokenId },
      ]);
      expect(found[0]).toMatchObject({ errorCode: 'SCOPE_INSUFFICIENT', address: '127.0.0.1' });
    },
    { withinMs: 5_000 },
  );
  expect(await entries('actor=token:ci&action=startRun')).toHaveLength(1);
  expect(await entries('object=workflows/etl&actor=token:ci')).toHaveLength(1);
  expect(await entries('actor=nobody')).toEqual([]);
  expect(await entries('actor=token:ci&to_time=2001-01-01T00:00:00Z')).toEqual([]);
});

test('a token that is limited to workflows sees and runs those only', async () => {
  const limits = { name: 'limited', scope: 'run', workflowNames: ['etl'] };
  const { secret } = await makeToken(fixture, limits);
  const status = async (path: string, body?: object) =>
    (await ask(api(path), { token: secret, ...(body && { method: 'POST', body }) })).status;
  expect(await status('/caller')).toBe(200);
  expect(await status('/runs', { workflowName: 'etl' })).toBe(200);
  expect(await status('/runs', { workflowName: 'other' })).toBe(403);
  expect(await status('/runs/r1')).toBe(200);
  expect(await status('/runs/r2')).toBe(403);
  expect(await status('/runs?workflow_name=etl')).toBe(200);
  expect(await status('/runs')).toBe(403);
  expect(await status('/workflows/other')).toBe(403);
  expect(await status('/overview')).toBe(403);
});

test('without the log nothing is changed', async () => {
  await using session = await openAsOwner();
  const startsBefore = actors.length;
  try {
    await session.query('alter table floe.audit_entry rename to audit_entry_away');
    const body = { workflowName: 'etl' };
    const answer = await ask(api('/runs'), { method: 'POST', token: fixture.admin, body });
    expect(answer.status).toBe(500);
    expect(JSON.stringify(answer.body)).not.toContain('audit_entry');
  } finally {
    await session.query('alter table floe.audit_entry_away rename to audit_entry');
  }
  expect(actors).toHaveLength(startsBefore);
});

type SavedView = { readonly viewId: string; readonly name: string; readonly address: string };

async function viewsOf(token: string): Promise<readonly SavedView[]> {
  const { body } = await ask(api('/views'), { token });
  return body['views'] as readonly SavedView[];
}

async function saveView(token: string, body: object): Promise<Answer> {
  return ask(api('/views'), { method: 'POST', token, body });
}

test('views are those of a token, until it shares them', async () => {
  const [mine, theirs, limited] = await Promise.all([
    makeToken(fixture, { name: 'view-mine', scope: 'read' }),
    makeToken(fixture, { name: 'view-theirs', scope: 'write' }),
    makeToken(fixture, { name: 'view-limited', scope: 'read', workflowNames: ['etl'] }),
  ]);
  const address = '/runs?workflow=etl&state=failed';
  const first = await saveView(mine.secret, { name: 'bad', address });
  const view = first.body['view'] as SavedView;
  expect(view).toMatchObject({ name: 'bad', address, shared: false, owner: 'token:view-mine' });
  expect(await viewsOf(theirs.secret)).toEqual([]);
  const hidden = await ask(api(`/views/${view.viewId}`), { token: theirs.secret });
  expect([hidden.status, hidden.body['code']]).toEqual([404, 'VIEW_NOT_FOUND']);
  // Another text under the same name: the id, and every link that has it, stays.
  const second = await saveView(mine.secret, { name: 'bad', address: '/runs', shared: true });
  expect(second.body['view']).toMatchObject({ viewId: view.viewId, address: '/runs' });
  expect(await viewsOf(theirs.secret)).toMatchObject([{ viewId: view.viewId, shared: true }]);
  expect(await viewsOf(limited.secret)).toEqual([]);
  const erase = (token: string) => ask(api(`/views/${view.viewId}`), { method: 'DELETE', token });
  expect((await erase(theirs.secret)).status).toBe(404);
  expect((await erase(fixture.admin)).status).toBe(200);
  expect(await viewsOf(mine.secret)).toEqual([]);
  const deeds = await entries(`object=views/${view.viewId}`);
  expect(deeds.map(({ action }) => action)).toEqual([
    'deleteView',
    'deleteView',
    'saveView',
    'saveView',
  ]);
});

test('a view leads nowhere else, has a name of one line, and there are a hundred at most', async () => {
  const { secret } = await makeToken(fixture, { name: 'many', scope: 'read' });
  const wrong = ['//evil.example', 'https://evil.example/', '/runs?a b', '/runs\u0000', '', '/a#b'];
  for (const address of wrong) {
    const { status, body } = await saveView(secret, { name: 'x', address });
    expect([address, status, body['code']]).toEqual([address, 400, 'ARGUMENT_INVALID']);
  }
  for (const name of ['', '  ', 'two\nlines', 'n'.repeat(61), 'nul\u0000']) {
    expect((await saveView(secret, { name, address: '/runs' })).status).toBe(400);
  }
  const names = Array.from({ length: 100 }, (_, index) => `view ${index}`);
  await Promise.all(names.map((name) => saveView(secret, { name, address: '/runs' })));
  const more = await saveView(secret, { name: 'one more', address: '/runs' });
  expect([more.status, more.body['code']]).toEqual([429, 'LIMIT_EXCEEDED']);
  expect((await saveView(secret, { name: 'view 7', address: '/runs?since=1h' })).status).toBe(200);
  expect((await ask(api('/views/%00'), { token: secret })).status).toBe(404);
  const page = await ask(api('/views?page_size=2'), { token: secret });
  const next = String(page.body['nextPageToken']);
  const rest = await ask(api(`/views?page_size=500&page_token=${next}`), { token: secret });
  expect(rest.body['views']).toHaveLength(98);
});

test('a second start makes no second token of an administrator', async () => {
  const { ensureFirstToken } = await import('../src/access/first-token.ts');
  const { openControlDatabase } = await import('@floe/database');
  const database = openControlDatabase({
    url: fixture.databaseUrl,
    role: 'floe_gateway',
    applicationName: 'test',
    connectionsMax: 1,
  });
  try {
    expect(await ensureFirstToken(database, '/nonexistent', new Date())).toBeUndefined();
  } finally {
    await database.close();
  }
  await expect(readFile('/nonexistent/first-admin-token')).rejects.toThrow();
});

test('does not start on a database without the tables that it knows', async () => {
  const env = readEnvironment({
    FLOE_DATABASE_URL: await fixture.postgres.createDatabase('empty'),
    FLOE_GATEWAY_LISTEN: '127.0.0.1:0',
  });
  const log = createLogger('test', { level: 'silent' });
  await expect(startGateway(env, { log })).rejects.toMatchObject({
    code: 'SCHEMA_INCOMPATIBLE',
    hint: expect.stringContaining('floe db migrate'),
  });
});
