import type { FloeClient, Run } from '@floe/client';
import { EXIT, exitCodeOfRun, type ExitCode } from '../exit-code.ts';
import { listenForInterruption, type Interruption } from '../interruption.ts';
import { runFailureLines } from '../render/run-failure.ts';
import { hasRunEnded } from '../render/states.ts';
import type { Terminal } from '../terminal.ts';
import { followRun } from './follow-run.ts';

/** How the wait ended: the run as it was last seen, and what the command answers the shell. */
export type Waited = { readonly run: Run; readonly exitCode: ExitCode };

type WaitOptions = {
  readonly terminal: Terminal;
  readonly howToReturn?: string;
  /** Of a caller who listens since before the run began: a fast run leaves no gap. */
  readonly interruption?: Interruption;
};

/**
 * Follows a run on the screen until it has ended, and says why when it did not succeed. Ctrl-C detaches: the run goes
 * on, and `howToReturn` says how to see it again.
 */
export async function waitForRun(
  client: FloeClient,
  runId: string,
  options: WaitOptions,
): Promise<Waited> {
  const { terminal, howToReturn = `Watch it again with: floe runs watch ${runId}` } = options;
  using interruption = options.interruption ?? listenForInterruption();
  const run = await followRun(client, runId, { terminal, signal: interruption.signal });
  if (!hasRunEnded(run.state)) {
    terminal.say(`Detached: the run goes on. ${howToReturn}`);
    return { run, exitCode: EXIT.interrupted };
  }
  for (const line of runFailureLines(run, terminal.errorColors)) terminal.say(line);
  return { run, exitCode: exitCodeOfRun(run.state) };
}
