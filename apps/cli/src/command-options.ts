import { InvalidArgumentError, Option, type Command } from 'commander';
import type { OutputFormat } from './render/output.ts';

const OUTPUT_FORMATS: readonly OutputFormat[] = ['table', 'wide', 'json', 'yaml'];

/** `-o table|wide|json|yaml`, and `--json` for the one that scripts use most. */
export function outputOptions(): readonly Option[] {
  return [
    new Option('-o, --output <format>', 'how to print').choices(OUTPUT_FORMATS).default('table'),
    new Option('--json', 'the same as -o json').implies({ output: 'json' }),
  ];
}

export function withOutput(command: Command): Command {
  for (const option of outputOptions()) command.addOption(option);
  return command;
}

/** For what comes item by item: lines for people, or a line of JSON each. */
export function withStreamOutput(command: Command, item: string): Command {
  return command
    .addOption(
      new Option(
        '-o, --output <format>',
        `how to print: a table, or every ${item} as a line of JSON`,
      )
        .choices(['table', 'json'])
        .default('table'),
    )
    .addOption(new Option('--json', 'the same as -o json').implies({ output: 'json' }));
}

export type OutputOptions = { readonly output: OutputFormat };

/** For programs: one document, or a line for each item of a stream, and nothing for people between. */
export function isForPrograms(format: OutputFormat): boolean {
  return format === 'json' || format === 'yaml';
}

/** Parses a whole number above zero, for options like `--limit`. */
export function positiveInteger(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It has to be a whole number above 0.');
}

// A page of the API holds no more.
const PAGE_MAX = 500;

/** How many at most, for lists that are one page. */
export function limit(text: string): number {
  const value = positiveInteger(text);
  if (value <= PAGE_MAX) return value;
  throw new InvalidArgumentError(`It is at most ${PAGE_MAX}; go on with --page-token.`);
}
