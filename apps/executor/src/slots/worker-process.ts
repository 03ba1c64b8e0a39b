/**
 * One worker process, as its supervisor sees it.
 *
 * Owns: the process with its group, the IPC channel and the two output pipes.
 *
 *   W1. It runs one job or shows one dataset at a time. Every job ends: with a result, a failure, or the end of the process.
 *   W2. The result counts even when the process dies right after. What comes after it is not heard.
 *   W3. `kill` ends the whole process group, so that nothing that the worker started lives on.
 *   W4. Its environment holds what is on the list below and nothing else: no credentials of Floe, and of its settings the names of
 *       the packages of task types that it loads.
 */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { FloeError, assert } from '@floe/errors';
import type { MemoryGroup, MemoryGroups } from './memory-groups.ts';
import { readLines } from './read-lines.ts';
import type { TaskArtifact } from '@floe/tasks/light';
import type {
  FromWorker,
  Job,
  JobFailed,
  JobMessage,
  JobSucceeded,
  ShownDataset,
  ToWorker,
} from '../worker/messages.ts';

export type WorkerExit = {
  readonly kind: 'exited';
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
};

export type JobEnd = JobSucceeded | JobFailed | WorkerExit;

/** Messages of a running job, its end excepted. */
export type JobNote = Exclude<JobMessage, JobSucceeded | JobFailed>;

export type JobListener = {
  readonly onNote: (note: JobNote) => void;
  readonly onOutput: (stream: 'stdout' | 'stderr', line: string) => void;
};

// What people are shown of a dataset costs tens of milliseconds; whoever takes this long hangs.
const SHOWN_WITHIN_MS = 10_000;
// Loading Polars takes a tenth of this on a machine that is idle.
const READY_WITHIN_MS = 20_000;

const ENTRY = fileURLToPath(new URL('../worker/main.ts', import.meta.url));
// The last ones name files of authorities whose certificates servers of others show.
const INHERITED = new Set([
  'PATH',
  'HOME',
  'TZ',
  'TMPDIR',
  'FLOE_TASK_PACKAGES',
  'NODE_EXTRA_CA_CERTS',
  'NODE_USE_SYSTEM_CA',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
]);
const INHERITED_PREFIX = 'POLARS_';

type RunningJob = {
  readonly onNote: JobListener['onNote'];
  readonly ended: PromiseWithResolvers<JobEnd>;
};

export type WorkerOptions = {
  /** Of which the worker inherits a few names (W4). */
  readonly environment: NodeJS.ProcessEnv;
  /** What it runs; the worker of Floe when absent. */
  readonly entry?: string;
  readonly memoryGroups?: MemoryGroups | undefined;
};

export class WorkerProcess {
  readonly pid: number;
  /** Where the kernel bounds its memory; undefined where no such group can be made. */
  readonly memoryGroup: MemoryGroup | undefined;
  /** Settles when the process is gone and its output has been read. */
  readonly exited: Promise<WorkerExit>;
  readonly #child: ChildProcess;
  #isAlive = true;
  #wasKilled = false;
  #job: RunningJob | undefined;
  #showing: PromiseWithResolvers<TaskArtifact | undefined> | undefined;
  // Outlives its job: what was printed before the result may come after it, through another pipe.
  #onOutput: JobListener['onOutput'] = () => {};

  private constructor(child: ChildProcess, memoryGroup: MemoryGroup | undefined) {
    assert(child.pid !== undefined, 'a started process has an id');
    this.memoryGroup = memoryGroup;
    this.pid = child.pid;
    this.#child = child;
    this.exited = this.#watchExit();
    this.#readOutput('stdout');
    this.#readOutput('stderr');
    child.on('message', (message: FromWorker) => this.#hear(message));
    // A channel that breaks ends with the process, which is where it is noticed.
    child.on('error', () => this.kill());
  }

  /** Starts a worker and waits until Polars is loaded. Throws WORKER_CRASHED. */
  static async start(options: WorkerOptions): Promise<WorkerProcess> {
    const { environment, entry = ENTRY, memoryGroups } = options;
    const child = fork(entry, {
      execArgv: [],
      serialization: 'advanced',
      // The leader of its own group: W3.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: inheritedEnvironment(environment),
    });
    if (child.pid === undefined) throw await startError(child);
    // From its start, because what a process has taken before stays with its old group.
    const worker = new WorkerProcess(child, memoryGroups?.create(child.pid));
    await worker.#untilReady();
    return worker;
  }

  /** False as soon as it is told to end. */
  get isAlive(): boolean {
    return this.#isAlive && !this.#wasKilled;
  }

  /** Runs a job to its end. Does not throw: a worker that dies is one of the ends. */
  async run(job: Job, listener: JobListener): Promise<JobEnd> {
    this.#assertIdle();
    const ended = Promise.withResolvers<JobEnd>();
    this.#job = { onNote: listener.onNote, ended };
    this.#onOutput = listener.onOutput;
    this.send({ kind: 'run', job });
    return Promise.race([ended.promise, this.exited]);
  }

  /** Makes a preview; undefined where none can be made. A worker that hangs at it is killed. */
  async show(dataset: ShownDataset): Promise<TaskArtifact | undefined> {
    this.#assertIdle();
    const showing = Promise.withResolvers<TaskArtifact | undefined>();
    this.#showing = showing;
    const timer = setTimeout(() => this.kill(), SHOWN_WITHIN_MS);
    this.send({ kind: 'show', dataset });
    const dead = this.exited.then(() => undefined);
    const artifact = await Promise.race([showing.promise, dead]);
    clearTimeout(timer);
    this.#showing = undefined;
    return artifact;
  }

  /** W1 */
  #assertIdle(): void {
    const isIdle = this.#job === undefined && this.#showing === undefined;
    assert(isIdle, 'a worker does one thing at a time (W1)');
  }

  /** A message to a worker that is gone is dropped. */
  send(message: ToWorker): void {
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  /** Ends the process group at once (W3). Safe to call at any time. */
  kill(): void {
    if (!this.#isAlive) return;
    this.#wasKilled = true;
    this.#endGroup();
  }

  /** True when it was this supervisor that ended it. */
  get wasKilled(): boolean {
    return this.#wasKilled;
  }

  #endGroup(): void {
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch (thrown) {
      // ESRCH: the group ended by itself a moment ago, and its exit is on its way to us.
      if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown;
    }
  }

  #hear(message: FromWorker): void {
    if (message.kind === 'ready') return;
    if (message.kind === 'shown') return this.#showing?.resolve(message.artifact);
    const job = this.#job;
    if (message.kind !== 'succeeded' && message.kind !== 'failed') return job?.onNote(message);
    this.#job = undefined;
    job?.ended.resolve(message);
  }

  #readOutput(name: 'stdout' | 'stderr'): void {
    const stream = this.#child[name];
    assert(stream !== null, 'the output of a worker is piped');
    readLines(stream, (line) => this.#onOutput(name, line));
  }

  /** `close` comes after the last message and the last line of output, unlike `exit`. */
  #watchExit(): Promise<WorkerExit> {
    return new Promise((resolve) => {
      this.#child.once('exit', () => {
        this.#isAlive = false;
        this.#endGroup();
      });
      this.#child.once('close', (code, signal) => resolve({ kind: 'exited', code, signal }));
    });
  }

  /** Once it is gone and its group has been asked. */
  release(): void {
    this.memoryGroup?.remove();
  }

  async #untilReady(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<'ready'>();
    const timer = setTimeout(() => this.kill(), READY_WITHIN_MS);
    const onMessage = (message: FromWorker) => {
      if (message.kind === 'ready') resolve('ready');
    };
    const lines: string[] = [];
    this.#onOutput = (_stream, line) => keepLast(lines, line);
    this.#child.on('message', onMessage);
    const outcome = await Promise.race([promise, this.exited]);
    clearTimeout(timer);
    this.#child.off('message', onMessage);
    if (outcome === 'ready') return;
    throw new FloeError(
      'WORKER_CRASHED',
      `a worker ended before it was ready: ${describeExit(outcome)}`,
      { details: { output: lines.join('\n') }, hint: 'check that nodejs-polars fits this machine' },
    );
  }
}

/** In words: `it was killed by SIGSEGV`, `it exited with code 1`. */
export function describeExit({ code, signal }: WorkerExit): string {
  return signal === null
    ? `it exited with code ${code ?? 'unknown'}`
    : `it was killed by ${signal}`;
}

function inheritedEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const allowed = Object.entries(environment).filter(
    ([name]) => INHERITED.has(name) || name.startsWith(INHERITED_PREFIX),
  );
  return Object.fromEntries(allowed);
}

function startError(child: ChildProcess): Promise<FloeError> {
  return new Promise((resolve) => {
    child.once('error', (error) =>
      resolve(
        new FloeError('WORKER_CRASHED', `a worker cannot be started: ${error.message}`, {
          cause: error,
        }),
      ),
    );
  });
}

// What a process says about its end is in its last words.
const LAST_LINES_MAX = 20;

function keepLast(lines: string[], line: string): void {
  lines.push(line);
  if (lines.length > LAST_LINES_MAX) lines.shift();
}
