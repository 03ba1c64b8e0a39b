import { parseArgs } from 'node:util';
import { FloeError, saidOf } from '@floe/errors';

/** What is wanted: one bench, the record of all or some of them, or its drawings. */
export type Wish =
  | {
      readonly kind: 'measure';
      readonly name: string;
      readonly isQuick: boolean;
      /** Instead of the bench's own. */
      readonly rows: number | undefined;
      /** Where the result goes as JSON; `-` is stdout. */
      readonly jsonFile: string | undefined;
      readonly keep: string | undefined;
    }
  | {
      readonly kind: 'record';
      /** Empty for all. */
      readonly names: readonly string[];
      /** Only what has sizes, at this one. */
      readonly rows: number | undefined;
      /** The folder of a Floe that is there before and after, instead of a temporary one. */
      readonly keep: string | undefined;
    }
  | { readonly kind: 'plot' };

export const USAGE =
  'npm run bench -- NAME [--rows COUNT] [--quick] [--json FILE] [--keep FOLDER] | record [NAME...] [--rows COUNT] [--keep FOLDER] | plot';

/** Below this nothing is measured; above it no disk of a developer holds the tables. */
const ROWS_MIN = 1_000;
const ROWS_MAX = 100_000_000;

/** Reads the words of the command. Throws CONFIGURATION_INVALID. */
export function parseCommandLine(words: readonly string[]): Wish {
  const { values, positionals } = parseWords(words);
  const [name, ...others] = positionals;
  const { quick, json: jsonFile, keep } = values;
  const rows = rowsOf(values.rows);
  const isPlain = quick === undefined && jsonFile === undefined;
  if (name === 'record' && isPlain) return { kind: 'record', names: others, rows, keep };
  const isBare = rows === undefined && keep === undefined && others.length === 0;
  if (name === 'plot' && isPlain && isBare) return { kind: 'plot' };
  if (name === undefined || name === 'record' || name === 'plot' || others.length > 0)
    throw refused(`"${words.join(' ')}" is no bench with its options`);
  return { kind: 'measure', name, isQuick: quick === true, rows, jsonFile, keep };
}

function rowsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const rows = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (rows >= ROWS_MIN && rows <= ROWS_MAX) return rows;
  throw refused(`--rows takes ${ROWS_MIN} to ${ROWS_MAX}, not ${JSON.stringify(text)}`);
}

function parseWords(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        quick: { type: 'boolean' },
        json: { type: 'string' },
        rows: { type: 'string' },
        keep: { type: 'string' },
      },
    });
  } catch (cause) {
    throw refused(saidOf(cause), cause);
  }
}

function refused(message: string, cause?: unknown): FloeError {
  return new FloeError('CONFIGURATION_INVALID', message, { cause, hint: `Usage: ${USAGE}` });
}
