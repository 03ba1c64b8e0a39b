import type { LogLine } from '@floe/bus';
import { expect, test } from 'vitest';
import { AttemptLog } from './attempt-log.ts';

function aLog(secrets: readonly string[] = []) {
  const lines: LogLine[] = [];
  const clock = { nowMs: 1_000_000 };
  const log = new AttemptLog({
    runId: 'run',
    taskId: 'task',
    attempt: 1,
    secrets: new Set(secrets),
    write: (line) => lines.push(line),
    now: () => clock.nowMs,
  });
  return { log, lines, clock };
}

test('masks a secret in text and fields, also as an address writes it (L1)', () => {
  const { log, lines } = aLog(['p@ss"word']);
  log.write('info', 'postgres://u:p%40ss%22word@host', { said: 'p@ss"word' });
  expect(JSON.stringify(lines)).not.toMatch(/ss\\*"word|ss%22word/);
  expect(lines[0]?.message).toBe('postgres://u:***@host');
});

test('leaves out what is above the rate, and says how much (L2)', () => {
  const { log, lines, clock } = aLog();
  const half = 'x'.repeat(500 * 1024);
  for (let index = 0; index < 5; index += 1) log.write('info', half);
  expect(lines).toHaveLength(2);
  clock.nowMs += 1_000;
  log.write('info', 'again');
  expect(lines[2]?.message).toMatch(/^3 log lines were left out/);
  expect(lines[3]?.message).toBe('again');
});

test('bounds the whole attempt but never what the executor says (L2)', () => {
  const { log, lines, clock } = aLog();
  for (let second = 0; second < 100; second += 1) {
    clock.nowMs += 1_000;
    log.write('info', 'x'.repeat(900 * 1024));
  }
  const taken = lines.length;
  expect(taken).toBe(18);
  log.announce('info', 'succeeded');
  expect(lines.slice(taken).map((line) => line.message)).toEqual([
    expect.stringMatching(/^82 log lines/),
    'succeeded',
  ]);
});
