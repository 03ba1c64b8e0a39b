import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createRpcClient } from '@floe/rpc';
import { ExecutorService } from '@floe/rpc/contracts';
import type { ReadyMessage } from '@floe/service';
import { eventually } from '@floe/testing';
import { openFixture } from './executor-fixture.ts';
import type { Fixture } from './executor-fixture.ts';

const WITHIN = { withinMs: 15_000 };
// Among them files of authorities that servers of others show certificates of, where the machine names some.
const MAY_BE_THERE =
  /^(PATH|HOME|TZ|TMPDIR|POLARS_.*|NODE_CHANNEL_.*|NODE_EXTRA_CA_CERTS|NODE_USE_SYSTEM_CA|SSL_CERT_(?:FILE|DIR)|)$/;
const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

let fixture: Fixture;
let executor: ChildProcess;

beforeEach(async () => {
  fixture = await openFixture();
  const env = { ...process.env, ...fixture.environment, FLOE_EXECUTOR_SLOTS: '1', SECRET: 'x' };
  executor = fork(MAIN, { execArgv: [], env, stdio: 'ignore' });
});

afterEach(async () => {
  executor.kill('SIGKILL');
  await fixture[Symbol.asyncDispose]();
});

async function workerPid(): Promise<number> {
  const [ready] = (await once(executor, 'message')) as [ReadyMessage];
  const addresses = [ready.addresses['grpc'] ?? ''];
  const client = createRpcClient(ExecutorService, { addresses, name: 'executor' });
  let pid = 0;
  await eventually(async () => {
    pid = Number((await client.getStatus({})).slots[0]?.processId);
    return pid > 0;
  }, WITHIN);
  client.close();
  return pid;
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    // ESRCH: there is no such process.
    return true;
  }
}

test('a worker ends when its supervisor is killed', async () => {
  const pid = await workerPid();
  executor.kill('SIGKILL');
  await eventually(() => isGone(pid), WITHIN);
});

test('SIGTERM stops the executor with code 0 and leaves no worker', async () => {
  const pid = await workerPid();
  executor.kill('SIGTERM');
  const [code] = (await once(executor, 'exit')) as [number | null];
  expect(code).toBe(0);
  expect(isGone(pid)).toBe(true);
});

test.runIf(process.platform === 'linux')(
  'a worker inherits nothing but what it needs (W4)',
  async () => {
    const text = await readFile(`/proc/${await workerPid()}/environ`, 'utf8');
    const names = text.split('\0').map((entry) => entry.split('=')[0] ?? '');
    const foreign = names.filter((name) => !MAY_BE_THERE.test(name));
    expect(foreign).toEqual([]);
  },
);
