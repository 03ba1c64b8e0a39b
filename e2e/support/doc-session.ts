/**
 * A reader at work: a folder with a Floe, in which the commands of a page are run as they stand.
 *
 *   D1. A variable that a command sets is there for the next ones of the page, as in one terminal.
 *   D2. `floe up` with options starts a Floe of the page's own, in a folder of its own, which stops at the end of the
 *       page. Without options it means the Floe that runs for all pages, started with the variables of all such lines.
 *   D3. What goes on meanwhile is looked at again: `cat`, `get`, `list` and `artifacts` are repeated until they show what the
 *       page says.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { runCommand } from './command.ts';
import { missingLine, type DocStep } from './doc-page.ts';
import { freePortBase } from './port-base.ts';
import { MAIN, stopSupervisor } from './test-floe.ts';

export type Reader = {
  readonly folder: string;
  /** Where the ports of its Floe begin. */
  readonly portBase: number;
  /** Which ports are free here for those of pages. */
  readonly ports: ReadonlyMap<number, number>;
};

const COMPILED = fileURLToPath(new URL('../../.cache/compile', import.meta.url));
const COMMAND_WITHIN_MS = 60_000;
const UP_WITHIN_MS = 60_000;
const LOOK_AGAIN_WITHIN_MS = 15_000;
const LOOK_AGAIN_MS = 200;
// The ports of a Floe that was started without further ado, as pages name them.
const USUAL_PORT = /127\.0\.0\.1:74(\d\d)\b/g;
const UP = /^((?:\w+=\S+ )*)(?:\.\/)?floe up\b([^#]*)/;
const LOOKS = /^(cat|\S*floe (runs|backfill|executors|schedules) (get|list|artifacts))\b/;
const SECRET = /\bfloe_[\w-]{20,}/;

/** The variables before `floe up` without options, of all steps: what one Floe is started with for all of them. */
export function settingsOf(steps: readonly DocStep[]): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const step of steps) {
    if (step.kind !== 'command') continue;
    const [, variables = '', options = ''] = UP.exec(step.command) ?? [];
    if (options.trim() !== '') continue;
    for (const [, name = '', value = ''] of variables.matchAll(/(\w+)=(\S+) /g)) {
      settings[name] = value;
    }
  }
  return settings;
}

/** `127.0.0.1:5000`, and `5000, '127.0.0.1'` as a program has it, with the ports that are free here. */
export function withPorts(text: string, ports: ReadonlyMap<number, number>): string {
  let here = text;
  for (const [page, port] of ports) {
    here = here.replaceAll(`127.0.0.1:${page}`, `127.0.0.1:${port}`);
    here = here.replaceAll(`${page}, '127.0.0.1'`, `${port}, '127.0.0.1'`);
  }
  return here;
}

/** As pages have them: on the path, and as the script of a checkout. */
export async function writeCommands(folder: string): Promise<void> {
  const text = `#!/bin/sh\nexec "${process.execPath}" "${MAIN}" "$@"\n`;
  for (const path of [join(folder, 'bin/floe'), join(folder, 'floe')]) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    await chmod(path, 0o755);
  }
}

type Answer = { readonly output: string; readonly code: number | null };

/** One page and its reader. */
export class DocSession implements AsyncDisposable {
  readonly #reader: Reader;
  readonly #variables: string;
  #folder: string;
  #portBase: number;
  #up: ChildProcess | undefined;
  /** Shown once by `floe up`, and typed by the reader where the page has `floe_…`. */
  #secret = 'floe_…';

  constructor(reader: Reader, name: string) {
    this.#reader = reader;
    this.#folder = reader.folder;
    this.#portBase = reader.portBase;
    this.#variables = join(reader.folder, 'bin', `${name.replaceAll('/', '-')}.variables`);
  }

  /** Undefined when all is as the page says; else what was said, and what of it is not. */
  async take(step: DocStep): Promise<string | undefined> {
    if (step.kind === 'file') {
      await this.#write(step.name, step.content);
      return undefined;
    }
    const command = this.#here(step.command);
    const [isUp, variables = '', options = ''] = UP.exec(command) ?? [];
    if (isUp === undefined) return this.#compare(command, step.expected);
    if (options.trim() === '') return undefined;
    const output = await this.#startOwn(variables, options);
    const line = missingLine(step.expected, output);
    return line && `$ ${command}\n${output}\nis not there: ${line}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#up !== undefined) await stopSupervisor(this.#up);
    // What a page has left in the background, also where it failed half-way.
    const jobs = await readFile(`${this.#variables}.jobs`, 'utf8').catch(() => '');
    for (const job of jobs.trim().split('\n').filter(Boolean)) endProcess(Number(job));
  }

  async #write(name: string, content: string): Promise<void> {
    const path = join(this.#folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, this.#here(content));
  }

  #here(text: string): string {
    const here = withPorts(text.replaceAll('floe_…', this.#secret), this.#reader.ports);
    return here.replaceAll(USUAL_PORT, (_, port) => `127.0.0.1:${this.#portBase + Number(port)}`);
  }

  async #compare(command: string, expected: readonly string[]): Promise<string | undefined> {
    const until = Date.now() + (LOOKS.test(command) ? LOOK_AGAIN_WITHIN_MS : 0);
    for (;;) {
      const { output, code } = await this.#run(command);
      const line = missingLine(expected, output);
      const isGood = line === undefined && (code === 0 || expected.length > 0);
      if (isGood) return undefined;
      if (Date.now() >= until)
        return `$ ${command}\n${output}\n${line === undefined ? `exit code ${code}` : `is not there: ${line}`}`;
      await sleep(LOOK_AGAIN_MS);
    }
  }

  async #run(command: string): Promise<Answer> {
    const file = this.#variables;
    const script = `set -a; [ ! -f ${file} ] || . ${file}; { ${command}\n} 2>&1; code=$?; export -p | grep -vE ' (OLD)?PWD=' > ${file}; jobs -p >> ${file}.jobs; exit $code`;
    const { stdout: output, code } = await runCommand('bash', ['-c', script], {
      cwd: this.#folder,
      env: this.#environment(),
      withinMs: COMMAND_WITHIN_MS,
    });
    return { output, code };
  }

  #environment(): Record<string, string> {
    const bin = join(this.#reader.folder, 'bin');
    return {
      // As the script of the checkout has it: a third of a short command.
      NODE_COMPILE_CACHE: COMPILED,
      HOME: this.#folder,
      PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
      NO_COLOR: '1',
    };
  }

  async #startOwn(variables: string, options: string): Promise<string> {
    if (this.#up !== undefined) await stopSupervisor(this.#up);
    this.#folder = `${this.#variables}.d`;
    this.#portBase = await freePortBase();
    await mkdir(this.#folder, { recursive: true });
    const log = join(this.#folder, 'up.log');
    const words = `exec env ${variables} floe up ${options} --port-base ${this.#portBase} --executors 1 --slots 1`;
    this.#up = spawn('bash', ['-c', words], {
      cwd: this.#folder,
      env: { ...process.env, ...this.#environment() },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#up.stdout?.pipe(createWriteStream(log, { flags: 'a' }));
    this.#up.stderr?.pipe(createWriteStream(log, { flags: 'a' }));
    const output = await untilUp(this.#up, log);
    this.#secret = SECRET.exec(output)?.[0] ?? this.#secret;
    return output;
  }
}

function endProcess(pid: number): void {
  try {
    process.kill(pid);
  } catch {
    // It has ended by itself.
  }
}

/** The last lines say who may call: it is all up, and all is said. */
const SAID = /token is needed|Every caller needs a token: |export FLOE_TOKEN=\S+\s/;

async function untilUp(up: ChildProcess, log: string): Promise<string> {
  const until = Date.now() + UP_WITHIN_MS;
  for (;;) {
    const output = await readFile(log, 'utf8').catch(() => '');
    if (SAID.test(output)) return output;
    if (up.exitCode !== null || Date.now() > until) throw new Error(`floe up:\n${output}`);
    await sleep(LOOK_AGAIN_MS);
  }
}
