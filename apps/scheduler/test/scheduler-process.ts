import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createRpcClient, type RpcClient } from '@floe/rpc';
import { SchedulerService } from '@floe/rpc/contracts';
import { AttemptService } from '@floe/rpc/internal-contracts';

const MAIN = join(import.meta.dirname, '../src/main.ts');

/** A scheduler as a process of its own. */
export type SchedulerProcess = AsyncDisposable & {
  readonly runs: RpcClient<typeof SchedulerService>;
  readonly attempts: RpcClient<typeof AttemptService>;
  /** Ends it like a crash. */
  kill(): Promise<void>;
  /** Stops it in the middle of whatever it does; `resume` lets it go on as if nothing had happened. */
  freeze(): void;
  resume(): void;
};

export async function startSchedulerProcess(environment: {
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly address: string;
}): Promise<SchedulerProcess> {
  const { databaseUrl, natsUrl, address } = environment;
  const env = {
    PATH: process.env['PATH'],
    FLOE_DATABASE_URL: databaseUrl,
    FLOE_NATS_URL: natsUrl,
    FLOE_SCHEDULER_LISTEN: address,
    FLOE_LOG_LEVEL: 'silent',
  };
  const child = fork(MAIN, { env, stdio: 'inherit' });
  const exited = once(child, 'exit');
  const ended = exited.then(() => Promise.reject(new Error('the scheduler was not ready')));
  await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined);
  const addresses = [address];
  const runs = createRpcClient(SchedulerService, { addresses, name: 'scheduler' });
  const attempts = createRpcClient(AttemptService, { addresses, name: 'scheduler' });
  const kill = async () => {
    child.kill('SIGKILL');
    await exited;
    runs.close();
    attempts.close();
  };
  return {
    runs,
    attempts,
    kill,
    freeze: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    [Symbol.asyncDispose]: kill,
  };
}
