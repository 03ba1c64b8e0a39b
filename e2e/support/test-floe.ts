/**
 * A whole Floe in a folder of its own, started as a user starts it: `floe up` in a process of its own.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createFloeClient, type FloeClient } from '@floe/client';
import type { Endpoints } from '@floe/embedded';
import { querySql } from './database.ts';
import { runCommand, type CommandOptions, type CommandResult } from './command.ts';
import { freePortBase } from './port-base.ts';

export type TestFloe = AsyncDisposable & {
  readonly stateDir: string;
  readonly portBase: number;
  readonly endpoints: Endpoints;
  readonly client: FloeClient;
  /** The process of `floe up`. */
  readonly supervisor: ChildProcess;
  /** Runs `floe` with these words against this Floe. */
  floe(words: readonly string[], options?: CommandOptions): Promise<CommandResult>;
  /** Runs SQL in the demo's database. */
  sql<Row extends object>(text: string, values?: readonly unknown[]): Promise<Row[]>;
};

export type StartOptions = {
  readonly executors?: number;
  readonly slots?: number;
  readonly env?: Readonly<Record<string, string>>;
};

export const MAIN = fileURLToPath(new URL('../../apps/cli/src/main.ts', import.meta.url));
// The first start on a machine initialises a database and may fetch nats-server.
const READY_WITHIN_MS = 120_000;
const STOP_WITHIN_MS = 45_000;

export function runFloe(
  words: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return runCommand(process.execPath, [MAIN, ...words], options);
}

export async function startTestFloe(options: StartOptions = {}): Promise<TestFloe> {
  const stateDir = await mkdtemp(join(tmpdir(), 'floe-e2e-'));
  const portBase = await freePortBase();
  const supervisor = startUp({ stateDir, portBase, ...options });
  const endpoints = await readReadyLine(supervisor, stateDir);
  return {
    stateDir,
    portBase,
    endpoints,
    client: createFloeClient({ baseUrl: endpoints.gateway }),
    supervisor,
    floe: (words, commandOptions) => runFloe([...words, '--state-dir', stateDir], commandOptions),
    sql: (text, values) => querySql(endpoints, text, values),
    async [Symbol.asyncDispose]() {
      await stopSupervisor(supervisor);
      // To look at the logs of a failure: E2E_KEEP=1 npm test
      if (process.env['E2E_KEEP'] === undefined) await removeState(stateDir);
    },
  };
}

type UpOptions = StartOptions & { readonly stateDir: string; readonly portBase: number };

/** `floe up` on a folder; what it says is in a file beside it: Floe takes a folder that is empty for its own. */
export function startUp({ stateDir, portBase, executors, slots, env }: UpOptions): ChildProcess {
  const words = ['up', '--json', '--state-dir', stateDir, '--port-base', String(portBase)];
  if (executors !== undefined) words.push('--executors', String(executors));
  if (slots !== undefined) words.push('--slots', String(slots));
  const child = spawn(process.execPath, [MAIN, ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  child.stderr.pipe(createWriteStream(upLog(stateDir), { flags: 'a' }));
  return child;
}

function upLog(stateDir: string): string {
  return `${stateDir}.up.log`;
}

export async function removeState(stateDir: string): Promise<void> {
  await rm(stateDir, { recursive: true, force: true });
  await rm(upLog(stateDir), { force: true });
}

/** What `floe up --json` prints once everything is ready. */
export async function readReadyLine(
  supervisor: ChildProcess,
  stateDir: string,
): Promise<Endpoints> {
  const timer = setTimeout(() => supervisor.kill('SIGKILL'), READY_WITHIN_MS);
  try {
    for await (const line of createInterface({ input: supervisor.stdout! })) {
      return JSON.parse(line) as Endpoints;
    }
  } finally {
    clearTimeout(timer);
  }
  const log = await readFile(upLog(stateDir), 'utf8');
  throw new Error(`floe up ended before it was ready:\n${log}`);
}

export async function stopSupervisor(supervisor: ChildProcess): Promise<void> {
  if (supervisor.exitCode !== null || supervisor.signalCode !== null) return;
  const exited = once(supervisor, 'exit');
  supervisor.kill('SIGTERM');
  const timer = setTimeout(() => supervisor.kill('SIGKILL'), STOP_WITHIN_MS);
  await exited;
  clearTimeout(timer);
}
