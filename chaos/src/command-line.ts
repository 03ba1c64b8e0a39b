import { resolve } from 'node:path';
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
  /** The checkout of an older version, from which services are upgraded to this one. */
  readonly before: string | undefined;
  /** Only these faults; all when empty. */
  readonly faults: readonly string[];
};

export const USAGE =
  'npm run chaos -- [--quick] [--seconds N] [--seed N] [--json FILE] [--fault NAME]... [--from CHECKOUT]';
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
    before: values.from === undefined ? undefined : resolve(values.from),
    faults: values.fault ?? [],
  };
}

function parseWords(words: readonly string[]) {
  try {
    const text = { type: 'string' } as const;
    const numbers = { seconds: text, seed: text } as const;
    const names = { json: text, from: text, fault: { ...text, multiple: true } } as const;
    const options = { quick: { type: 'boolean' }, ...numbers, ...names } as const;
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
