import { InvalidArgumentError } from 'commander';

/** The values of `--param name=value` by name: text, which the server reads by the declared type. */
export type ParameterTexts = Readonly<Record<string, string>>;

/** Collects repeated `--param` options. Throws for a word without a name, and for a name that comes twice. */
export function collectParameter(word: string, previous: ParameterTexts = {}): ParameterTexts {
  const at = word.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('A parameter is written name=value.');
  const name = word.slice(0, at);
  if (Object.hasOwn(previous, name)) {
    throw new InvalidArgumentError(`The parameter ${name} is given twice.`);
  }
  return { ...previous, [name]: word.slice(at + 1) };
}
