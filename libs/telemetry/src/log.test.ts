import { expect, test } from 'vitest';
import { createLogger } from './log.ts';
import { maskSecrets } from './mask-secrets.ts';
import { span } from './span.ts';
import { parseTraceparent } from './trace-context.ts';

function recorder(secrets = new Set<string>()) {
  const lines: string[] = [];
  const log = createLogger('scheduler', { secrets, write: (line) => lines.push(line) });
  return { log, last: () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>, lines };
}

test('a line has its level, name, time, fields and message', () => {
  const { log, last } = recorder();
  log.child({ run_id: 'r1' }).info({ rows: 3 }, 'loaded');
  expect(last()).toMatchObject({
    level: 'info',
    name: 'scheduler',
    run_id: 'r1',
    rows: 3,
    msg: 'loaded',
  });
  expect(Date.parse(String(last()['time']))).not.toBeNaN();
});

async function* items(): AsyncGenerator<number> {
  await new Promise((resolve) => setImmediate(resolve));
  yield 1;
}

test('a line inside a span carries its ids, also in a loop over an async iterable', async () => {
  const { log, last } = recorder();
  const traceparent = await span('work', {}, async (open) => {
    for await (const item of items()) log.info({ item }, 'in the loop');
    return open.traceparent;
  });
  const trace = parseTraceparent(traceparent);
  expect(last()).toMatchObject({ trace_id: trace?.traceId, span_id: trace?.spanId });
});

test('lines below the level are left out', () => {
  const { log, lines } = recorder();
  log.debug('quiet');
  expect(lines).toEqual([]);
});

test('a secret appears in no line, also one that was added later and inside an error', () => {
  const secrets = new Set<string>();
  const { log, lines } = recorder(secrets);
  secrets.add('pa"ss word');
  log.error(
    { err: new Error('login with pa"ss word failed'), url: 'postgres://u:pa%22ss%20word@h' },
    'pa"ss word',
  );
  expect(lines.join('')).not.toMatch(/ss(?: |%20)word/);
});

test('a secret that contains another leaves no rest', () => {
  expect(maskSecrets('a: hunter2-long, b: hunter2', ['hunter2', 'hunter2-long'])).toBe(
    'a: ***, b: ***',
  );
});

test('a secret of one letter does not blot out the text', () => {
  expect(maskSecrets('a plain text', ['a', ''])).toBe('a plain text');
});
