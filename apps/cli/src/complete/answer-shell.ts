import type { CommandContext, GlobalOptions } from '../context.ts';
import { createProgram } from '../program.ts';
import { cutTo, printable } from '../render/printable.ts';
import { openClient } from '../server/find-server.ts';
import { complete } from './complete.ts';
import { namesOfServer } from './known-names.ts';

// What is left of a line of the terminal beside the word.
const MEANS_WIDTH_MAX = 80;

/** `floe __complete -- WORDS`: what a shell asks for each press of the tab key. Words behind the cursor are not given. */
export async function answerShell(
  words: readonly string[],
  context: CommandContext,
): Promise<void> {
  const program = await createProgram(words.slice(0, -1), context);
  const client = await openClient(globalOptions(words), context);
  const found = await complete(program, words, namesOfServer(client));
  for (const { word, means } of found) {
    context.terminal.print(`${printable(word)}\t${cutTo(printable(means), MEANS_WIDTH_MAX)}`);
  }
}

function globalOptions(words: readonly string[]): GlobalOptions {
  const valueOf = (option: string) => {
    const at = words.indexOf(option);
    return at === -1 ? undefined : words[at + 1];
  };
  const server = valueOf('--server');
  const stateDir = valueOf('--state-dir');
  return { ...(server !== undefined && { server }), ...(stateDir !== undefined && { stateDir }) };
}
