import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export type CommandResult = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type CommandOptions = {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly cwd?: string;
  /** After this the command is killed and its code is null. */
  readonly withinMs?: number;
};

// A command of a user: longer than any of these takes on two cores, shorter than the test.
const COMMAND_WITHIN_MS = 90_000;

/** Runs a program to its end and collects what it says. */
export async function runCommand(
  program: string,
  words: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { env = {}, input = '', cwd, withinMs = COMMAND_WITHIN_MS } = options;
  const child = spawn(program, words, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', ...env },
    timeout: withinMs,
    killSignal: 'SIGKILL',
    ...(cwd === undefined ? {} : { cwd }),
  });
  child.stdin.on('error', () => {
    // The program ended without reading its input, which its exit code explains.
  });
  child.stdin.end(input);
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });
  const [code, stdout, stderr] = await Promise.all([
    exited,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}
