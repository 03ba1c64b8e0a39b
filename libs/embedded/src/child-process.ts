/**
 * One process that Floe starts and must also end: its own process group, output to a file, bounded start and stop.
 *
 *   C1. The child shares no terminal group with its parent: Ctrl-C reaches it only through `stop`.
 *   C2. Output goes straight to the log file, so that the child can outlive its parent without a broken pipe.
 *   C3. `startChild` either gives a child that said it is ready, or throws and leaves none behind.
 *   C4. After `stop` the child is gone, politely or not, within `stopWithinMs` and a little.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { FloeError } from '@floe/errors';
import type { SystemUser } from './system-user.ts';
import { waitUntil } from './wait-until.ts';

export type Readiness =
  /** The child sends `{ type: 'ready', addresses }` over the channel that node gives its children. */
  | { readonly kind: 'ipc' }
  /** The parent asks; `pid` is that of the child, so that another process is not taken for it. */
  | { readonly kind: 'probe'; isReady(pid: number): Promise<boolean> };

export type ChildSpec = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the child. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly user?: SystemUser;
  readonly logFile: string;
  readonly readiness: Readiness;
  readonly readyWithinMs: number;
  readonly stopSignal: NodeJS.Signals;
  readonly stopWithinMs: number;
};

export type ChildExit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export type RunningChild = {
  readonly name: string;
  readonly pid: number;
  /** What the child listens on, as it said itself; empty for one that was probed. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly exited: Promise<ChildExit>;
  hasExited(): boolean;
  /** Sends a signal, as to test a crash. False when the child is gone. */
  kill(signal: NodeJS.Signals): boolean;
  stop(): Promise<void>;
};

// A probe is a file or a loopback connection; this is a small part of the start of any child.
const PROBE_EVERY_MS = 20;
// What one killed with SIGKILL may need to be gone: it can hang in the kernel only.
const KILL_WITHIN_MS = 5_000;
// Enough to see why a child died, and little enough for a terminal.
const LOG_TAIL_BYTES = 2_000;

export async function startChild(spec: ChildSpec): Promise<RunningChild> {
  const handle = spawnChild(spec);
  const exited = watchExit(handle);
  const announced = watchAddresses(handle);
  const pid = await spawned(handle, spec);
  const running: RunningChild = {
    name: spec.name,
    pid,
    get addresses() {
      return announced.addresses ?? {};
    },
    exited,
    hasExited: () => hasExited(handle),
    kill: (signal) => handle.kill(signal),
    stop: () => stopChild(handle, spec),
  };
  try {
    await waitForReady(running, spec, () => announced.addresses !== undefined);
    return running;
  } catch (error) {
    await running.stop();
    throw error;
  }
}

function spawnChild(spec: ChildSpec): ChildProcess {
  const log = openSync(spec.logFile, 'a', 0o600);
  try {
    return spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      env: spec.env,
      detached: true,
      stdio: spec.readiness.kind === 'ipc' ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
      ...(spec.user && { uid: spec.user.uid, gid: spec.user.gid }),
    });
  } finally {
    closeSync(log);
  }
}

function watchExit(handle: ChildProcess): Promise<ChildExit> {
  return new Promise((resolve) => {
    handle.once('exit', (code, signal) => {
      killGroup(handle.pid!);
      resolve({ code, signal });
    });
    handle.once('error', () => {
      if (handle.pid === undefined) resolve({ code: null, signal: null });
    });
  });
}

function watchAddresses(handle: ChildProcess): { addresses?: Record<string, string> } {
  const announced: { addresses?: Record<string, string> } = {};
  handle.on('message', (message) => {
    if (isReadyMessage(message)) announced.addresses = message.addresses;
  });
  return announced;
}

function isReadyMessage(
  message: unknown,
): message is { type: 'ready'; addresses: Record<string, string> } {
  if (typeof message !== 'object' || message === null) return false;
  return 'type' in message && message.type === 'ready' && 'addresses' in message;
}

function spawned(handle: ChildProcess, spec: ChildSpec): Promise<number> {
  return new Promise((resolve, reject) => {
    handle.once('spawn', () => resolve(handle.pid!));
    handle.once('error', (cause) =>
      reject(
        new FloeError('TOOL_MISSING', `${spec.name} cannot be started: ${cause.message}`, {
          cause,
        }),
      ),
    );
  });
}

async function waitForReady(
  child: RunningChild,
  spec: ChildSpec,
  hasAnnounced: () => boolean,
): Promise<void> {
  const { readiness, name } = spec;
  const isReady = readiness.kind === 'ipc' ? hasAnnounced : () => readiness.isReady(child.pid);
  const check = async () => child.hasExited() || (await isReady());
  try {
    await waitUntil(check, {
      what: `${name} to be ready`,
      withinMs: spec.readyWithinMs,
      everyMs: PROBE_EVERY_MS,
    });
  } catch (cause) {
    throw await notReady(spec, 'is not ready in time', cause);
  }
  if (child.hasExited()) throw await notReady(spec, `ended while it started`, undefined);
}

async function notReady(spec: ChildSpec, what: string, cause: unknown): Promise<FloeError> {
  const tail = await readTail(spec.logFile);
  return new FloeError('SERVICE_UNAVAILABLE', `${spec.name} ${what}`, {
    cause,
    hint: `Its log is ${spec.logFile}${tail === '' ? '' : `; the end of it:\n${tail}`}`,
  });
}

async function readTail(logFile: string): Promise<string> {
  await using file = await open(logFile, 'r');
  const { size } = await file.stat();
  const start = Math.max(0, size - LOG_TAIL_BYTES);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(LOG_TAIL_BYTES), { position: start });
  return buffer.toString('utf8', 0, bytesRead).trim();
}

function hasExited(handle: ChildProcess): boolean {
  return handle.exitCode !== null || handle.signalCode !== null;
}

async function stopChild(handle: ChildProcess, spec: ChildSpec): Promise<void> {
  if (hasExited(handle)) return;
  handle.kill(spec.stopSignal);
  await waitForExit(handle, spec, spec.stopWithinMs).catch(async () => {
    handle.kill('SIGKILL');
    await waitForExit(handle, spec, KILL_WITHIN_MS);
  });
}

function waitForExit(handle: ChildProcess, spec: ChildSpec, withinMs: number): Promise<void> {
  return waitUntil(() => hasExited(handle), {
    what: `${spec.name} to stop`,
    withinMs,
    everyMs: 5,
  });
}

/** Ends what a child left behind in its process group, at once: later the number may be another's. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // ESRCH says that the group is empty, as it should be; EPERM (macOS) that only ended processes are in it.
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
