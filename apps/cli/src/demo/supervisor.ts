/**
 * The Floe that the demo uses: the one that runs on the state folder, or one started as a process of its own.
 *
 *   S1. It is no child group of the demo: Ctrl-C reaches it only through `stop`, and it ends when the demo ends, because
 *       its stdin is closed then.
 *   S2. When it dies the demo goes on: services survive their supervisor, and the demo says so.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createFloeClient } from '@floe/client';
import type { Endpoints } from '@floe/embedded';
import { FloeError, isErrorCode } from '@floe/errors';
import { printable } from '../render/printable.ts';
import { readEndpoints } from '../server/read-endpoints.ts';
import type { Terminal } from '../terminal.ts';

export type Supervisor = {
  readonly endpoints: Endpoints;
  /** Started by this demo, and to be stopped with it. */
  readonly isOwn: boolean;
  /** Resolves when it has ended by itself; never for one that ran before. */
  readonly died: Promise<void>;
  stop(): Promise<void>;
};

export type SupervisorOptions = {
  readonly stateDir: string;
  /** Further words of `floe up`. */
  readonly words: readonly string[];
  readonly terminal: Terminal;
};

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
// Services get half a minute to finish what they do, PostgreSQL a while to write everything.
const STOP_WITHIN_MS = 60_000;

export async function ensureSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  const running = await findRunning(options.stateDir);
  if (running !== undefined) {
    const died = new Promise<void>(() => {});
    return { endpoints: running, isOwn: false, died, stop: async () => {} };
  }
  return startSupervisor(options);
}

async function findRunning(stateDir: string): Promise<Endpoints | undefined> {
  const endpoints = await readEndpoints(stateDir);
  if (endpoints === undefined) return undefined;
  try {
    await createFloeClient({ baseUrl: endpoints.gateway }).checkReady();
    return endpoints;
  } catch {
    // Whatever the reason, it cannot be used; starting another says what stands in the way.
    return undefined;
  }
}

async function startSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  const { stateDir, words, terminal } = options;
  const child = spawn(
    process.execPath,
    [MAIN, 'up', '--json', '--until-stdin-ends', '--state-dir', stateDir, ...words],
    { stdio: ['pipe', 'pipe', 'pipe'], detached: true },
  );
  child.stdin.on('error', () => {
    // It died before its stdin was closed, which `died` tells.
  });
  const stopping = new AbortController();
  createInterface({ input: child.stderr }).on('line', (line) => {
    // Once it is to stop, the demo itself says what happens.
    if (!stopping.signal.aborted) terminal.say(terminal.errorColors.dim(`  ${printable(line)}`));
  });
  const exited = once(child, 'exit');
  const endpoints = await readReadyLine(child, exited);
  const died = exited.then(() =>
    stopping.signal.aborted ? new Promise<void>(() => {}) : undefined,
  );
  return {
    endpoints,
    isOwn: true,
    died,
    stop: () => {
      stopping.abort();
      return stopChild(child);
    },
  };
}

/** The endpoints that it prints when it is ready. When it ends instead, the error that it printed. */
async function readReadyLine(child: ChildProcess, exited: Promise<unknown>): Promise<Endpoints> {
  const lines: string[] = [];
  const ready = new Promise<Endpoints>((resolve) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      lines.push(line);
      if (lines.length === 1 && line.startsWith('{"')) resolve(JSON.parse(line) as Endpoints);
    });
  });
  const ended = once(child.stdout!, 'close').then(async () => {
    await exited;
    throw startError(lines.join('\n'));
  });
  // After the first line the process goes on; its end is told by `died` then.
  ended.catch(() => {});
  return Promise.race([ready, ended]);
}

function startError(text: string): FloeError {
  const { error } = parseErrorDocument(text);
  const code = error?.code ?? '';
  const options = error?.hint === undefined ? {} : { hint: error.hint };
  if (error === undefined || !isErrorCode(code)) {
    return new FloeError('SERVICE_UNAVAILABLE', 'Floe ended while it started', {
      hint: 'What it said is above; floe doctor checks this machine.',
    });
  }
  return new FloeError(code, error.message ?? code, options);
}

type ErrorDocument = {
  readonly error?: { readonly code?: string; readonly message?: string; readonly hint?: string };
};

function parseErrorDocument(text: string): ErrorDocument {
  try {
    return JSON.parse(text) as ErrorDocument;
  } catch {
    // It was killed before it could say anything.
    return {};
  }
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.stdin?.end();
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await exited;
  clearTimeout(timer);
}
