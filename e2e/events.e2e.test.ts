/** A subscriber that knows only the address of NATS and `floe.events.>`: sees a run live, and again from the stream. */
import { readFileSync } from 'node:fs';
import { jetstream, jetstreamManager, type JsMsg } from '@nats-io/jetstream';
import { connect, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { eventually } from '@floe/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { awaitRunEnd } from './support/await-run.ts';
import { twoSteps } from './support/documents.ts';
import { startTestFloe, type TestFloe } from './support/test-floe.ts';

const SUBJECT = 'floe.events.>';

let floe: TestFloe;
let nats: NatsConnection;

beforeAll(async () => {
  floe = await startTestFloe({ executors: 1, slots: 1 });
  nats = await connect({ servers: floe.endpoints.nats });
  await floe.client.applyWorkflow(twoSteps('two-steps'));
});

afterAll(async () => {
  await nats?.close();
  await floe?.[Symbol.asyncDispose]();
});

test('shows a run from its start to its end as CloudEvents, live and replayed alike', async () => {
  const live: Msg[] = [];
  nats.subscribe(SUBJECT, { callback: (_, message) => void live.push(message) });
  await nats.flush();

  const { run } = await floe.client.startRun({ workflowName: 'two-steps' });
  await awaitRunEnd(floe.client, run.runId, { withinMs: 20_000 });
  const mine = (): Msg[] => live.filter(({ subject }) => subject.includes(run.runId));
  await eventually(() => mine().some(({ subject }) => subject.endsWith('.run.succeeded')), {
    withinMs: 10_000,
  });

  const kinds = mine().map(({ subject }) => subject.split('.').slice(4).join('.'));
  expect(kinds).toContain('run.started');
  expect(kinds.filter((kind) => kind === 'task.succeeded')).toHaveLength(2);
  expect(kinds.at(-1)).toBe('run.succeeded');
  for (const message of mine()) {
    expect(message.subject).toMatch(
      /^floe\.events\.two-steps\.[0-9a-f-]{36}\.(run|task|dataset)\.[a-z_]+$/,
    );
    expectCloudEvent(message);
  }

  for (const message of mine()) expectAsDocumented(message);

  const replayed = await replay(run.runId, mine().length);
  expect(replayed.map(idOf)).toEqual(mine().map(idOf));
});

test('tells the subscribers of a rule how a run ended', async () => {
  const notices: Msg[] = [];
  nats.subscribe('team.told', { callback: (_, message) => void notices.push(message) });
  await nats.flush();
  const rule = 'notify:\n  - { on: [succeeded], nats: team.told }\n';
  await floe.client.applyWorkflow(`${twoSteps('told')}${rule}`);
  const { run } = await floe.client.startRun({ workflowName: 'told' });
  const [notice] = await eventually(() => notices.length > 0 && notices, { withinMs: 20_000 });
  const url = `${floe.endpoints.gateway}/runs/${run.runId}`;
  expect(notice!.json()).toMatchObject({
    event: 'succeeded',
    notices: [{ workflow: { name: 'told' }, run: { id: run.runId, state: 'succeeded', url } }],
  });
});

const PAGE = readFileSync(new URL('../docs/reference/events.md', import.meta.url), 'utf8');

/** The page of events has the event with its headers, and every field that it has. */
function expectAsDocumented(message: Msg): void {
  const [, , , , entity = '', event = ''] = message.subject.split('.');
  expect(PAGE).toContain(`### ${entity}.${event.replaceAll('__', '_')}\n`);
  for (const name of message.headers?.keys() ?? []) expect(PAGE).toContain(`\`${name}\``);
  const { run, taskRun = {} } = message.json<{ run: object; taskRun?: object }>();
  expect(fieldsOf('Run')).toEqual(expect.arrayContaining(Object.keys(run)));
  expect(fieldsOf('TaskRun')).toEqual(expect.arrayContaining(Object.keys(taskRun)));
}

function fieldsOf(name: string): readonly string[] {
  const [, section = ''] = PAGE.split(`\n### ${name}\n`);
  const [table = ''] = section.split('\n### ');
  return [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, field = '']) => field);
}

/** CloudEvents 1.0, NATS protocol binding, binary mode: attributes are headers with the prefix `ce-`. */
function expectCloudEvent(message: Msg): void {
  const { headers } = message;
  expect(headers?.get('ce-specversion')).toBe('1.0');
  for (const name of ['ce-id', 'ce-source', 'ce-type', 'ce-time']) {
    expect(headers?.get(name), name).not.toBe('');
  }
  expect(message.json()).toBeTypeOf('object');
}

function idOf({ headers }: Msg | JsMsg): string {
  return headers?.get('ce-id') ?? '';
}

/** Reads the stored events of a run from the beginning of the stream that keeps the subject. */
async function replay(runId: string, count: number): Promise<JsMsg[]> {
  const manager = await jetstreamManager(nats);
  const stream = await manager.streams.find(SUBJECT);
  const consumer = await jetstream(nats).consumers.get(stream, {
    filter_subjects: `floe.events.*.${runId}.>`,
  });
  const messages: JsMsg[] = [];
  for await (const message of await consumer.fetch({ max_messages: count, expires: 5_000 })) {
    messages.push(message);
  }
  return messages;
}
