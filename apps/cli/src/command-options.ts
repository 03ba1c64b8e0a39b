import { InvalidArgumentError, Option } from 'commander';
import { OUTPUT_FORMATS, type OutputFormat } from './render/output.ts';

/** `-o table|wide|json|yaml`, and `--json` for the one that scripts use most. */
export function outputOptions(): readonly Option[] {
  return [
    new Option('-o, --output <format>', 'how to print').choices(OUTPUT_FORMATS).default('table'),
    new Option('--json', 'the same as -o json').implies({ output: 'json' }),
  ];
}

export type OutputOptions = { readonly output: OutputFormat };

/** Parses a whole number above zero, for options like `--limit`. */
export function positiveInteger(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It has to be a whole number above 0.');
}
