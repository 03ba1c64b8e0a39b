import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';

// One service for all tests; its first argument says how it behaves.
function startSample(behaviour: string, env: Record<string, string> = {}) {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'sample-service.ts'), behaviour],
    {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    },
  );
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  return { child, stderr: () => errors };
}

/** Not the event `close`: it does not come after `disconnect` was called on this side. */
async function exitCode(child: ChildProcess): Promise<number | null> {
  const allErrors = child.stderr === null ? undefined : once(child.stderr, 'close');
  const [code] = (await once(child, 'exit')) as [number | null];
  await allErrors;
  return code;
}

test('tells its supervisor that it is ready, and stops at SIGTERM with 0 (L2, L3)', async () => {
  const { child } = startSample('works');
  const [message] = await once(child, 'message');
  expect(message).toEqual({ type: 'ready', addresses: { grpc: '127.0.0.1:1' } });
  child.kill('SIGTERM');
  expect(await exitCode(child)).toBe(0);
});

test('works on when the supervisor is gone (L4)', async () => {
  const { child, stderr } = startSample('works');
  await once(child, 'message');
  child.disconnect();
  await expect.poll(stderr, { timeout: 5_000 }).toContain('the supervisor is gone');
  expect(child.exitCode).toBeNull();
  child.kill('SIGINT');
  expect(await exitCode(child)).toBe(0);
});

test('wrong settings end it with 2, each in words (L1)', async () => {
  const { child, stderr } = startSample('works', {
    FLOE_EXECUTOR_SLOTS: '0',
    FLOE_LOG_LEVL: 'info',
  });
  expect(await exitCode(child)).toBe(2);
  expect(stderr()).toContain('FLOE_EXECUTOR_SLOTS');
  expect(stderr()).toContain('did you mean FLOE_LOG_LEVEL?');
});

test('a start that fails ends it with 1 and says why and what to do (L1)', async () => {
  const { child, stderr } = startSample('cannot-start');
  expect(await exitCode(child)).toBe(1);
  expect(stderr()).toContain('sample cannot start: the port is taken (PORT_TAKEN)');
  expect(stderr()).toContain('Take another port.');
});

test('a rejection that nothing handles ends it with 1 (L5)', async () => {
  const { child, stderr } = startSample('rejects');
  expect(await exitCode(child)).toBe(1);
  expect(stderr()).toContain('nobody caught me');
});

test('a stop that fails ends it with 1 (L3)', async () => {
  const { child } = startSample('cannot-stop');
  await once(child, 'message');
  child.kill('SIGTERM');
  expect(await exitCode(child)).toBe(1);
});
