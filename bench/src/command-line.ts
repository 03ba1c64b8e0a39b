import { parseArgs } from 'node:util';
import { FloeError } from '@floe/errors';

export type Wish = {
  readonly name: string;
  readonly isQuick: boolean;
  /** Where the result goes as JSON; `-` is stdout. */
  readonly jsonFile: string | undefined;
};

export const USAGE = 'npm run bench -- NAME [--quick] [--json FILE]';

/** Reads the words of the command. Throws CONFIGURATION_INVALID. */
export function parseCommandLine(words: readonly string[]): Wish {
  const { values, positionals } = parseWords(words);
  const [name, ...others] = positionals;
  if (name === undefined || others.length > 0) {
    const message = `one bench at a time: ${positionals.length} were named`;
    throw new FloeError('CONFIGURATION_INVALID', message, { hint: `Usage: ${USAGE}` });
  }
  return { name, isQuick: values.quick === true, jsonFile: values.json };
}

function parseWords(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: { quick: { type: 'boolean' }, json: { type: 'string' } },
    });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new FloeError('CONFIGURATION_INVALID', message, { cause, hint: `Usage: ${USAGE}` });
  }
}
