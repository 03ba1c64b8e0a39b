/** Two runs that share a key, one after the other, with items, an approval and a child. */
import type { FinishedAttempt, RunStore, StoredAnswer } from '@floe/scheduling';
import type { Workflow } from '@floe/workflow';
import { committersOf, exchange, newRun, planFor, shape, task, told } from './model-life.ts';

const RUN_C = '00000000-0000-7000-8000-00000000000c';
const RUN_D = '00000000-0000-7000-8000-00000000000d';
// Five items in chunks of two, one of which is tried twice.
const ATTEMPTS_MAX = 8;

const values = Array.from(
  { length: 5 },
  (_, item) => ({ kind: 'string', value: `${item}` }) as const,
);

const BROAD: Workflow = {
  name: 'broad',
  description: '',
  params: {},
  timeoutMs: 600_000,
  concurrency: { key: 'only', limit: 1, onConflict: 'queue' },
  tasks: [
    task('each', {
      pool: 'broad',
      foreach: { source: { from: 'list', values }, type: 'string', chunk: 2, parallel: 2 },
      concurrency: { key: 'lock', limit: 1, onConflict: 'queue' },
    }),
    task('ask', { type: 'approval', config: { on_timeout: 'fail' } }),
    task('sub', { type: 'workflow', config: { workflow: 'none', on_close: 'cancel' } }),
  ],
};

const PLAN = planFor(BROAD);

function ended(epoch: number, token: string, failed: readonly number[]): FinishedAttempt {
  const failure = { code: 'QUERY_FAILED', message: 'no such column' };
  const failedItems = failed.map((index) => ({ index, failure, retryable: true }));
  const outcome = { kind: 'succeeded', rows: 1, failedItems } as const;
  const result = { rows: 1, bytes: 10, peakMemoryBytes: 100 };
  return {
    runId: RUN_C,
    input: { type: 'finish', taskId: 'each', epoch, tokenHash: token, outcome, result },
  };
}

function answer(approved: boolean, by: string): Omit<StoredAnswer, 'at'> {
  return { approved, by, comment: '', form: {} };
}

export async function tellBroadLife(store: RunStore): Promise<unknown[]> {
  const lines: unknown[] = [];
  const say = (what: string, value: unknown) => lines.push([what, value]);
  const planOf = () => Promise.resolve(PLAN);
  const open = committersOf(store, PLAN);
  const committer = open();
  const ask = { pool: 'broad', free: { slot: 0, light: 3 } };
  const load = (runId: string) => store.transaction((tx) => tx.loadRun(runId, planOf));
  const items = async () => {
    const { live = [], waiting = [], ...rest } = (await load(RUN_C))?.state.tasks[0]?.items ?? {};
    return {
      ...rest,
      live: live.map((one) => one.items),
      waiting: waiting.map((one) => one.items),
    };
  };

  say('created', (await committer.create(newRun(PLAN, RUN_C, 'request-c'))).kind);
  say('behind it', (await committer.create(newRun(PLAN, RUN_D, 'request-d'))).kind);
  say('waits', await store.findWaitingForPlace('only', 5));
  say('waits on', (await open().submit(RUN_D, { type: 'start' })).kind);
  say('behind', shape(await load(RUN_D)));
  say('first', told(await committer.exchange(exchange({ ...ask, token: 'c0' }))));
  say('no place', told(await open().exchange(exchange({ ...ask, token: 'cx' }))));
  const waiting = await store.findWaiting(0, 8);
  say(
    'waiting',
    waiting.filter(({ pool }) => pool === 'broad'),
  );
  say('items', await items());
  for (const [by, approved] of [
    ['one', true],
    ['two', false],
  ] as const) {
    const input = { type: 'answer', taskId: 'ask', answer: answer(approved, by) } as const;
    say(by, (await committer.submit(RUN_C, input)).kind);
  }
  const child = { status: 'succeeded' } as const;
  const childEnded = { type: 'child_ended', task: 2, epoch: 1, child } as const;
  say('child', (await open().submit(RUN_C, childEnded)).kind);
  say('child again', (await committer.submit(RUN_C, childEnded)).kind);
  for (let epoch = 1; epoch <= ATTEMPTS_MAX; epoch += 1) {
    const finished = [ended(epoch, `c${epoch - 1}`, epoch === 1 ? [1] : [])];
    say(
      'exchanged',
      told(await open().exchange(exchange({ ...ask, token: `c${epoch}`, finished }))),
    );
    say('items', await items());
    say('woken', (await committer.submit(RUN_C, { type: 'wake' })).kind);
    const next = exchange({ ...ask, token: `c${epoch}` });
    say('taken', told(await committer.exchange(next)));
  }
  say('all', shape(await load(RUN_C)));
  say('answer', (await load(RUN_C))?.details[1]?.answer?.by);
  say('ended', (await load(RUN_C))?.state.status);
  say('too late', (await open().submit(RUN_C, { type: 'start' })).kind);
  say('begun', (await open().submit(RUN_D, { type: 'start' })).kind);
  say('waits no more', await store.findWaitingForPlace('only', 5));
  say('behind', shape(await load(RUN_D)));
  const rows = await store.adoptOutbox({ kinds: ['relay'], olderThanMs: -1_000, limit: 100 });
  say(
    'relays',
    rows.map(({ runId, payload }) => ({ runId, payload })),
  );
  return lines;
}
