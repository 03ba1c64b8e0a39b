import { setTimeout as sleep } from 'node:timers/promises';
import { isForPrograms, type OutputOptions } from './command-options.ts';
import type { CommandContext } from './context.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { listenForInterruption } from './interruption.ts';
import { fitTable } from './render/fit-table.ts';
import { printOutput, type Output } from './render/output.ts';
import { cutTo } from './render/printable.ts';
import { renderTable } from './render/table.ts';
import { patiently } from './server/patiently.ts';
import type { Terminal } from './terminal.ts';

// What a person takes for live in a list; a run has a stream of its own.
const LOOK_MS = 2_000;
const HOME_AND_CLEAR = '\u001b[H\u001b[0J';

export type ShowOptions = OutputOptions & { readonly watch?: true };

export const WATCH_FLAG = '--watch';
export const WATCH_MEANS = 'look again every two seconds, until Ctrl-C';

/** Prints what `ask` answers: once, or with `--watch` whenever it has changed. */
export async function showOutput(
  ask: () => Promise<Output>,
  options: ShowOptions,
  { terminal }: Pick<CommandContext, 'terminal'>,
): Promise<ExitCode> {
  const format = options.output;
  if (options.watch !== true) {
    await printOutput(await ask(), { terminal, format });
    return EXIT.succeeded;
  }
  using interruption = listenForInterruption();
  let shown = '';
  let isFirst = true;
  while (!interruption.signal.aborted) {
    const output = await patiently(ask, {
      onWait: () => terminal.say('The gateway does not answer. Trying again …'),
      signal: interruption.signal,
      isFirst,
    });
    isFirst = false;
    const isScreen = terminal.isLive && terminal.isPersonReading && !isForPrograms(format);
    if (isScreen) drawScreen(output, format === 'wide', terminal);
    else {
      const state = JSON.stringify(output.document);
      if (state !== shown) await printChange(output, options, terminal);
      shown = state;
    }
    await sleep(LOOK_MS, undefined, { signal: interruption.signal }).catch(() => undefined);
  }
  return EXIT.interrupted;
}

/** JSON of a watch is a line for each change, as everywhere that there is a stream. */
async function printChange(
  output: Output,
  { output: format }: OutputOptions,
  terminal: Terminal,
): Promise<void> {
  if (format === 'json') terminal.print(JSON.stringify(output.document));
  else {
    if (format === 'yaml') terminal.print('---');
    await printOutput(output, { terminal, format });
  }
}

function drawScreen(output: Output, isWide: boolean, terminal: Terminal): void {
  const { columns: width, rows: height } = terminal.size();
  const { columns, rows } = isWide ? output : fitTable(output, width - 1);
  const lines =
    output.rows.length === 0
      ? [cutTo(output.whenEmpty, width - 1)]
      : renderTable(columns, rows, terminal.outColors, width - 1);
  // One line stays free, so that the last line break does not scroll.
  terminal.draw(`${HOME_AND_CLEAR}${lines.slice(0, height - 1).join('\n')}\n`);
}
