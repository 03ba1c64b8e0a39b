import { parseArgs } from 'node:util';
import { FloeError } from '@floe/errors';

export type Wish = {
  /** One round of all faults, and no more. */
  readonly isQuick: boolean;
  /** Rounds begin until this much time has passed. */
  readonly seconds: number;
  readonly seed: number;
  /** Where the result goes as JSON; `-` is stdout. */
  readonly jsonFile: string | undefined;
};

export const USAGE = 'npm run chaos -- [--quick] [--seconds N] [--seed N] [--json FILE]';
// Some four rounds of all faults: enough for percentiles that mean something, short enough to wait for.
const SECONDS = 300;

/** Reads the words of the command. Throws CONFIGURATION_INVALID. */
export function parseCommandLine(words: readonly string[]): Wish {
  const values = parseWords(words);
  return {
    isQuick: values.quick === true,
    seconds: readCount('seconds', values.seconds) ?? SECONDS,
    seed: readCount('seed', values.seed) ?? 1,
    jsonFile: values.json,
  };
}

function parseWords(words: readonly string[]) {
  try {
    const text = { type: 'string' } as const;
    const options = { quick: { type: 'boolean' }, seconds: text, seed: text, json: text } as const;
    return parseArgs({ args: [...words], options }).values;
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new FloeError('CONFIGURATION_INVALID', message, { cause, hint: `Usage: ${USAGE}` });
  }
}

function readCount(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new FloeError('CONFIGURATION_INVALID', `--${name} ${text} is not a whole number above 0`, {
    hint: `Usage: ${USAGE}`,
  });
}
