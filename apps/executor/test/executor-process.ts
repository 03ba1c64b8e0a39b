import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createRpcClient } from '@floe/rpc';
import type { RpcClient } from '@floe/rpc';
import { ExecutorService } from '@floe/rpc/contracts';
import type { ReadyMessage } from '@floe/service';
import { eventually } from '@floe/testing';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const READY_WITHIN_MS = 15_000;

/** An executor as it runs in production: a process of its own, that can be killed and stopped. */
export class ExecutorProcess implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly client: RpcClient<typeof ExecutorService>;

  private constructor(child: ChildProcess, address: string) {
    this.child = child;
    this.client = createRpcClient(ExecutorService, { addresses: [address], name: 'executor' });
  }

  /** Resolves when all of its slots are warm. */
  static async start(environment: Readonly<Record<string, string>>): Promise<ExecutorProcess> {
    const env = { ...process.env, ...environment };
    const child = fork(MAIN, { execArgv: [], env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const [ready] = (await once(child, 'message')) as [ReadyMessage];
    const executor = new ExecutorProcess(child, ready.addresses['grpc'] ?? '');
    await eventually(async () => (await executor.workerPids()).every((pid) => pid > 0), {
      withinMs: READY_WITHIN_MS,
    });
    return executor;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async workerPids(): Promise<number[]> {
    const { slots } = await this.client.getStatus({});
    return slots.map(({ processId }) => Number(processId));
  }

  /** Sends a signal and waits for the end. Returns the exit code. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    this.child.kill(signal);
    const [code] = (await once(this.child, 'exit')) as [number | null];
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close();
    await this.end('SIGKILL');
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // ESRCH: there is no such process.
    return false;
  }
}
