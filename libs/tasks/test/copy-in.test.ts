import { setTimeout as delay } from 'node:timers/promises';
import { type TargetSession, openTarget } from '@floe/database';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type TestDatabase, startTestDatabase } from './databases.ts';

let database: TestDatabase;
let session: TargetSession;
beforeAll(async () => {
  database = await startTestDatabase();
  session = await openTarget(database.address, { applicationName: 'test', statementTimeoutMs: 0 });
});
afterAll(async () => {
  await session[Symbol.asyncDispose]();
  await database.stop();
});
beforeEach(() =>
  session.query(
    'drop table if exists numbers; create table numbers (n int check (n >= 0), t text)',
  ),
);

const COPY = 'copy numbers from stdin (format csv)';
/** Far more than the buffers of both sockets hold. */
const PIECES = 60;
const LINES = 20_000;

/** Two buffers in turns; what is overwritten too early makes another sum. */
async function* fromTwoBuffers(): AsyncGenerator<Buffer> {
  const buffers = [Buffer.alloc(512 * 1024), Buffer.alloc(512 * 1024)];
  for (let piece = 0; piece < PIECES; piece += 1) {
    const lines = Array.from(
      { length: LINES },
      (_, line) => `${piece * LINES + line},piece ${piece}\n`,
    );
    const buffer = buffers[piece % 2]!;
    yield buffer.subarray(0, buffer.write(lines.join('')));
  }
}

test('a source may fill a piece anew when the piece after the next is asked for (I1)', async () => {
  const rows = PIECES * LINES;
  expect(await session.copyIn(COPY, fromTwoBuffers())).toBe(rows);
  const [found] = await session.query(
    `select count(distinct n)::int as count, sum(n)::text as sum, bool_and(t = 'piece ' || n / ${LINES}) as fits from numbers`,
  );
  expect(found).toEqual({ count: rows, sum: String((rows * (rows - 1)) / 2), fits: true });
});

test('a source that fails is told as it failed, nothing stays, and the session goes on (I3)', async () => {
  async function* failing(): AsyncGenerator<Buffer> {
    yield Buffer.from('1,a\n');
    await Promise.resolve();
    throw new Error('the disk is gone');
  }
  await expect(session.copyIn(COPY, failing())).rejects.toMatchObject({
    message: expect.stringContaining('the disk is gone'),
  });
  expect(await session.query('select count(*)::int as count from numbers')).toEqual([{ count: 0 }]);
});

test('a source that fails before its first piece is told, too', async () => {
  // oxlint-disable-next-line require-yield
  async function* failing(): AsyncGenerator<Buffer> {
    throw new Error('there is no file');
  }
  await expect(session.copyIn(COPY, failing())).rejects.toMatchObject({
    message: expect.stringContaining('there is no file'),
  });
  expect(await session.query('select 1 as one')).toEqual([{ one: 1 }]);
});

test('a row that is refused ends a source without an end, and the session goes on', async () => {
  let hasEnded = false;
  async function* endless(): AsyncGenerator<Buffer> {
    try {
      yield Buffer.from('-1,refused\n');
      for (;;) yield Buffer.from('1,a\n'.repeat(LINES));
    } finally {
      hasEnded = true;
    }
  }
  await expect(session.copyIn(COPY, endless())).rejects.toMatchObject({
    code: 'CONSTRAINT_VIOLATED',
  });
  expect(await session.query('select count(*)::int as count from numbers')).toEqual([{ count: 0 }]);
  await expect.poll(() => hasEnded).toBe(true);
});

test('a statement that is refused never asks the source', async () => {
  let wasAsked = false;
  async function* pieces(): AsyncGenerator<Buffer> {
    wasAsked = true;
    yield Buffer.from('1,a\n');
  }
  await expect(session.copyIn('copy nowhere from stdin', pieces())).rejects.toThrow(/nowhere/);
  expect(wasAsked).toBe(false);
});

test('COPYs out come whole one after the other, with statements between and a receiver that is busy now and then', async () => {
  const copy = `copy (select repeat('x', 991) from generate_series(1, 4000)) to stdout`;
  for (let turn = 0; turn < 4; turn += 1) {
    let x = 0;
    let calls = 0;
    await session.copyOut(copy, {
      receive(messages) {
        for (const byte of messages) if (byte === 0x78) x += 1;
        calls += 1;
        return calls % 3 === 0 ? delay(1) : undefined;
      },
    });
    expect(x).toBe(991 * 4_000);
    expect(await session.query('select 1 as one')).toEqual([{ one: 1 }]);
  }
});

test('a connection that is cut in the middle fails the COPY and ends the source', async () => {
  const other = await openTarget(database.address, {
    applicationName: 'test',
    statementTimeoutMs: 0,
  });
  let hasEnded = false;
  async function* cutting(): AsyncGenerator<Buffer> {
    try {
      yield Buffer.from('1,a\n');
      await session.query('select pg_terminate_backend($1)', [other.backendPid]);
      for (;;) yield Buffer.from('1,a\n'.repeat(LINES));
    } finally {
      hasEnded = true;
    }
  }
  await expect(other.copyIn(COPY, cutting())).rejects.toMatchObject({ code: 'CONNECTION_FAILED' });
  await expect.poll(() => hasEnded).toBe(true);
  await other[Symbol.asyncDispose]();
});
