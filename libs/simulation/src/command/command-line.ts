import { parseArgs } from 'node:util';
import { FloeError, saidOf } from '@floe/errors';

export type Wish = {
  readonly what:
    /** Tell the story of one seed. */
    | { readonly kind: 'seed'; readonly seed: number }
    | { readonly kind: 'range'; readonly from: number; readonly to: number }
    /** Fresh seeds until the time is over. */
    | { readonly kind: 'seconds'; readonly seconds: number };
  readonly isJson: boolean;
  /** Threads; absent: as many as the machine has cores. */
  readonly workers: number | undefined;
};

export const USAGE =
  'npm run simulate -- [--seed N | --seeds A..B | --seconds N] [--json] [--workers N]';
const SECONDS = 10;

/** Reads the words of the command. Throws CONFIGURATION_INVALID. */
export function parseCommandLine(words: readonly string[]): Wish {
  const { seed, seeds, seconds, workers, json } = parseWords(words);
  const asked = [seed, seeds, seconds].filter((text) => text !== undefined);
  if (asked.length > 1) throw wrong('only one of --seed, --seeds and --seconds can be asked for');
  return {
    what: parseWhat({ seed, seeds, seconds }),
    isJson: json === true,
    workers: workers === undefined ? undefined : readNumber('workers', workers, 1),
  };
}

type Texts = Readonly<Record<'seed' | 'seeds' | 'seconds', string | undefined>>;

function parseWhat({ seed, seeds, seconds }: Texts): Wish['what'] {
  if (seed !== undefined) return { kind: 'seed', seed: readNumber('seed', seed, 0) };
  if (seeds !== undefined) return parseRange(seeds);
  return {
    kind: 'seconds',
    seconds: seconds === undefined ? SECONDS : readNumber('seconds', seconds, 1),
  };
}

function parseRange(text: string): Wish['what'] {
  const [, first, last] = /^(\d+)\.\.(\d+)$/.exec(text) ?? [];
  if (first === undefined || last === undefined) throw wrong(`--seeds ${text} is not like 1..1000`);
  const from = readNumber('seeds', first, 0);
  const to = readNumber('seeds', last, 0);
  if (to < from) throw wrong(`--seeds ${text} ends before it begins`);
  return { kind: 'range', from, to };
}

function parseWords(words: readonly string[]) {
  const text = { type: 'string' } as const;
  const options = {
    seed: text,
    seeds: text,
    seconds: text,
    workers: text,
    json: { type: 'boolean' },
  } as const;
  try {
    return parseArgs({ args: [...words], options }).values;
  } catch (cause) {
    throw wrong(saidOf(cause));
  }
}

function readNumber(name: string, text: string, least: number): number {
  const number = Number(text);
  // Seeds are 32-bit words.
  if (/^\d{1,10}$/.test(text) && number >= least && number < 2 ** 32) return number;
  throw wrong(`--${name} ${text} is not a whole number from ${least} to ${2 ** 32 - 1}`);
}

function wrong(message: string): FloeError {
  return new FloeError('CONFIGURATION_INVALID', message, { hint: `Usage: ${USAGE}` });
}
