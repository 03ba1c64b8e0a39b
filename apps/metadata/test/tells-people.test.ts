/** The bug hunted: somebody who is never told that a run failed, or is told twice, because a process died in between. */
import { createHmac } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, startTestNats, type TestNats } from '@floe/testing';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HookServer, MailServer } from './notice-receivers.ts';
import { startNoticesFixture, type NoticesFixture } from './notices-fixture.ts';

let fixture: NoticesFixture;
let metadata: { kill(): Promise<void> };
let nats: TestNats;
let folder: string;
let hookUrl: string;
const hooks = new HookServer();
const mail = new MailServer();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'floe-notices-'));
  const rulesFile = join(folder, 'notices.yaml');
  const [url, smtpUrl, startedNats] = await Promise.all([
    hooks.listen(),
    mail.listen(),
    startTestNats(),
  ]);
  hookUrl = url;
  nats = startedNats;
  await writeFile(
    rulesFile,
    `notify:\n  - { on: [cancelled], webhook: "${url}/all", subject: "all: \${{ workflow.name }}" }\n`,
  );
  fixture = await startNoticesFixture({
    FLOE_SMTP_URL: smtpUrl,
    FLOE_MAIL_FROM: 'Floe <floe@example.com>',
    FLOE_WEBHOOK_HOSTS: '127.0.0.1',
    FLOE_NOTICES_FILE: rulesFile,
    FLOE_NATS_URL: nats.url,
  });
  metadata = await fixture.start();
}, 60_000);

afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
  await Promise.all([hooks[Symbol.asyncDispose](), mail[Symbol.asyncDispose](), nats.stop()]);
  await rm(folder, { recursive: true, force: true });
});

const SOON = { withinMs: 15_000 };

function apply(name: string, rules: string) {
  const source = `name: ${name}\ntasks:\n  a: { type: noop }\nnotify:\n${rules}`;
  return fixture.client.applyWorkflow({ source, validateOnly: false });
}

const ledger = (workflow: string) =>
  fixture.query(
    `select event, state, problem, attempt_count, message_id::text from floe.notice
     where workflow_name = '${workflow}' order by created_at, event`,
  );

test('a failure is told by a webhook that its receiver can prove, by mail and over NATS', async () => {
  const listener = await connect({ servers: nats.url });
  const heard: { id: string | undefined; body: unknown }[] = [];
  listener.subscribe('team.flights', {
    callback: (_, { headers, data }) => {
      const body: unknown = JSON.parse(new TextDecoder().decode(data));
      heard.push({ id: headers?.get('Nats-Msg-Id'), body });
    },
  });
  await listener.flush();
  await apply(
    'told',
    `  - { on: [failed], webhook: "${hookUrl}/told", secret: env:HOOK_KEY, text: "\${{ run.error }}" }
  - { on: [failed], email: [a@example.com, b@example.com] }
  - { on: [failed], nats: team.flights }
  - { on: [succeeded], webhook: "${hookUrl}/never" }
`,
  );
  const [runId] = await fixture.endRun({ workflow: 'told', state: 'failed', error: 'no <b>' });
  const [request] = await eventually(() => hooks.requests.length > 0 && hooks.requests, SOON);
  const [, seconds, digest] = /^t=(\d+),v1=(.+)$/.exec(String(request!.headers['floe-signature']))!;
  const expected = createHmac('sha256', fixture.hookKey).update(`${seconds}.${request!.text}`);
  expect(digest).toBe(expected.digest('hex'));
  expect(request!.body).toMatchObject({
    event: 'failed',
    count: 1,
    subject: 'told failed',
    text: 'no <b>',
    notices: [
      {
        workflow: { name: 'told', version: '1' },
        run: { id: runId, error_code: 'TABLE_NOT_FOUND', failed_task: 'store', duration: '1m' },
      },
    ],
  });
  const [letter] = await eventually(() => mail.mails.length > 0 && mail.mails, SOON);
  expect(letter!.to).toEqual(['a@example.com', 'b@example.com']);
  expect(letter!.raw).toContain(`http://floe.example/runs/${runId}`);
  expect(letter!.raw).toContain('no &lt;b&gt;');
  const [message] = await eventually(() => heard.length > 0 && heard, SOON);
  await listener.close();
  expect(message!.body).toMatchObject({ event: 'failed', count: 1, subject: 'told failed' });
  expect(message!.body).toHaveProperty('id', message!.id);
  await eventually(async () => {
    expect((await ledger('told')).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent']);
  }, SOON);
}, 60_000);

test('the first success after a failure is a recovery, others are not', async () => {
  await apply('phoenix', `  - { on: [recovered], webhook: "${hookUrl}/phoenix" }\n`);
  for (const state of ['succeeded', 'failed', 'timed_out', 'succeeded', 'succeeded'] as const)
    await fixture.endRun({ workflow: 'phoenix', state });
  // What comes after all of them shows that they were looked at.
  await fixture.endRun({ workflow: 'phoenix', state: 'cancelled' });
  await eventually(() => hooks.bodies('all: phoenix').length === 1, SOON);
  // Each address is told by itself, so that this one may be told later.
  await eventually(() => hooks.bodies('phoenix works again').length > 0, SOON);
  expect(hooks.bodies('phoenix works again')).toHaveLength(1);
}, 60_000);

test('a kill between sending and knowing repeats the same message under the same id', async () => {
  hooks.answer = undefined;
  await apply('killed', `  - { on: [failed], webhook: "${hookUrl}/killed" }\n`);
  await fixture.endRun({ workflow: 'killed', state: 'failed' });
  await eventually(() => hooks.bodies('killed failed').length === 1, SOON);
  await metadata.kill();
  hooks.answer = 204;
  // The claim of the process that is gone, as if its time were over.
  await fixture.query(`update floe.notice_destination set claimed_until = '-infinity'`);
  metadata = await fixture.start();
  await eventually(() => hooks.bodies('killed failed').length === 2, SOON);
  const [first, second] = hooks.bodies('killed failed');
  expect(second).toEqual(first);
  const keys = hooks.requests
    .filter(({ body }) => body.subject === 'killed failed')
    .map(({ headers }) => headers['idempotency-key']);
  expect(new Set(keys).size).toBe(1);
  await eventually(async () => {
    expect(await ledger('killed')).toMatchObject([{ state: 'sent', message_id: keys[0] }]);
  }, SOON);
}, 60_000);

test('an end while nobody looks is told when somebody does, once, by however many', async () => {
  await apply('alone', `  - { on: [failed], webhook: "${hookUrl}/alone" }\n`);
  await metadata.kill();
  await fixture.endRun({ workflow: 'alone', state: 'failed' });
  metadata = await fixture.start();
  await eventually(() => hooks.bodies('alone failed').length === 1, SOON);
  await fixture.endRun({ workflow: 'alone', state: 'cancelled' });
  await eventually(() => hooks.bodies('all: alone').length === 1, SOON);
  expect(hooks.bodies('alone failed')).toHaveLength(1);
}, 60_000);

test('an end whose transaction commits after later ones is not passed over', async () => {
  await apply('slow', `  - { on: [failed], webhook: "${hookUrl}/slow" }\n`);
  const [early] = await fixture.endRun({ workflow: 'slow', state: 'running' });
  const open = await fixture.openSession();
  await open.query('begin');
  await open.query(
    `update floe.run set state = 'failed', ended_at = clock_timestamp(), wake_at = null where run_id = '${early}'`,
  );
  const [later] = await fixture.endRun({ workflow: 'slow', state: 'failed' });
  const idsOf = () =>
    hooks.bodies('slow failed').flatMap(({ notices }) => notices.map(({ run }) => run['id']));
  await eventually(() => idsOf().includes(later), SOON);
  await open.query('commit');
  await eventually(() => idsOf().includes(early), SOON);
  expect(idsOf()).toHaveLength(2);
}, 60_000);

test('a storm of failures is one message that says how many', async () => {
  await apply('storm', `  - { on: [failed], webhook: "${hookUrl}/storm" }\n`);
  await fixture.endRun({ workflow: 'storm', state: 'failed', count: 300 });
  const [sum] = await eventually(() => {
    const found = hooks.bodies('300 notices');
    return found.length > 0 && found;
  }, SOON);
  expect(sum).toMatchObject({ event: 'failed', count: 300, subject: '300 notices: 300 failed' });
  expect(sum!.notices).toHaveLength(20);
  await eventually(async () => {
    const rows = await ledger('storm');
    expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['sent']));
    expect(new Set(rows.map(({ message_id: id }) => id)).size).toBe(1);
  }, SOON);
}, 60_000);

test('a mail server that is busy is asked again; one that refuses a mail holds up no other', async () => {
  mail.refusal = 451;
  await apply('busy', `  - { on: [failed], email: [busy@example.com] }\n`);
  await fixture.endRun({ workflow: 'busy', state: 'failed' });
  await eventually(async () => {
    const [notice] = await ledger('busy');
    expect(Number(notice!['attempt_count'])).toBeGreaterThanOrEqual(2);
    expect(notice).toMatchObject({ state: 'pending' });
  }, SOON);
  mail.refusal = 554;
  await eventually(async () => {
    expect(await ledger('busy')).toMatchObject([
      { state: 'failed', problem: expect.stringContaining('not now') },
    ]);
  }, SOON);
  mail.refusal = undefined;
  await fixture.endRun({ workflow: 'busy', state: 'failed', error: 'the next one' });
  await eventually(() => mail.mails.some(({ raw }) => raw.includes('the next one')), SOON);
}, 60_000);

test('a mail that one of its recipients cannot take yet comes to that one alone, later', async () => {
  mail.refusals.set('later@example.com', 450).set('never@example.com', 550);
  const people = '[now@example.com, later@example.com, never@example.com]';
  await apply('shared', `  - { on: [failed], email: ${people} }\n`);
  await fixture.endRun({ workflow: 'shared', state: 'failed', error: 'for all of us' });
  const sent = () =>
    mail.mails.filter(({ raw }) => raw.includes('for all of us')).map(({ to }) => to.join());
  await eventually(() => sent().length > 0, SOON);
  await eventually(async () => {
    expect(await ledger('shared')).toMatchObject([
      { state: 'pending', problem: expect.stringContaining('never@example.com: 550') },
    ]);
  }, SOON);
  mail.refusals.delete('later@example.com');
  await eventually(async () => {
    expect(await ledger('shared')).toMatchObject([{ state: 'sent' }]);
  }, SOON);
  expect(sent()).toEqual(['now@example.com', 'later@example.com']);
}, 60_000);

test('a receiver that does not answer holds up nobody else', async () => {
  hooks.held.add('/stuck');
  await apply('stuck', `  - { on: [failed], webhook: "${hookUrl}/stuck" }\n`);
  await apply('prompt', `  - { on: [failed], webhook: "${hookUrl}/prompt" }\n`);
  await fixture.endRun({ workflow: 'stuck', state: 'failed' });
  await eventually(() => hooks.bodies('stuck failed').length > 0, SOON);
  await fixture.endRun({ workflow: 'prompt', state: 'failed' });
  await eventually(() => hooks.bodies('prompt failed').length > 0, SOON);
  // Its first try still waits: had the other one waited for the end of it, there would be a second.
  hooks.release();
  await eventually(async () => {
    expect(await ledger('stuck')).toMatchObject([{ state: 'sent', attempt_count: 1 }]);
  }, SOON);
}, 60_000);

test('a run that does not end in time is late, once; a slot that nothing started too', async () => {
  await apply(
    'tardy',
    `  - { on: [late], late_after: 10s, webhook: "${hookUrl}/tardy" }
schedules:
  - cron: "0 6 * * *"
    name: morning
`,
  );
  await fixture.query(
    `update floe.notice_rules set changed_at = clock_timestamp() - interval '1 hour' where workflow_name = 'tardy'`,
  );
  const [runId] = await fixture.endRun({ workflow: 'tardy', state: 'running' });
  await fixture.query(
    `insert into floe.schedule_slot (schedule_id, slot_at, state, due_at, start_at, tzdata_version)
     select 'tardy.morning', at, state, at, at, 'x'
     from (values (clock_timestamp() - interval '1 minute', 'pending'),
       (clock_timestamp() - interval '5 minutes', 'missed'), (clock_timestamp() - interval '6 minutes', 'skipped'),
       (clock_timestamp() - interval '2 hours', 'missed'), (clock_timestamp(), 'pending')) x(at, state)`,
  );
  const late = await eventually(() => {
    const found = hooks.bodies('tardy is late');
    return found.length >= 3 && found;
  }, SOON);
  const runs = late.map(({ notices }) => notices[0]!.run['id']);
  expect(runs).toHaveLength(3);
  expect(new Set(runs)).toEqual(new Set(['', runId]));
  // Two more looks find nothing new.
  await eventually(async () => (await ledger('tardy')).length >= 3, SOON);
  expect(await ledger('tardy')).toHaveLength(3);
}, 60_000);

test('a webhook into the own network is refused unless it is allowed, and the ledger says why', async () => {
  const inner = hookUrl.replace('127.0.0.1', 'localhost');
  await apply('inner', `  - { on: [failed], webhook: "${inner}/inner" }\n`);
  await fixture.endRun({ workflow: 'inner', state: 'failed' });
  await eventually(async () => {
    expect(await ledger('inner')).toMatchObject([
      { state: 'failed', problem: expect.stringContaining('FLOE_WEBHOOK_HOSTS does not name it') },
    ]);
  }, SOON);
  expect(hooks.bodies('inner failed')).toEqual([]);
}, 60_000);

test('rules of a workflow that is deleted tell nobody', async () => {
  await apply('gone', `  - { on: [failed], webhook: "${hookUrl}/gone" }\n`);
  await fixture.client.deleteWorkflow({ name: 'gone' });
  await fixture.endRun({ workflow: 'gone', state: 'failed' });
  await fixture.endRun({ workflow: 'gone', state: 'cancelled' });
  await eventually(() => hooks.bodies('all: gone').length === 1, SOON);
  expect(hooks.bodies('gone failed')).toEqual([]);
}, 60_000);

test('a wrong file of rules stops the start, with line and column', async () => {
  const path = join(folder, 'wrong.yaml');
  await writeFile(path, 'notify:\n  - { on: [fialed], nats: a }\n');
  const said = await fixture.startFailing({ FLOE_NOTICES_FILE: path });
  expect(said).toContain(`${path}:2:12`);
  expect(said).toContain('Did you mean `failed`?');
}, 60_000);
