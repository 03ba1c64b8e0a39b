import { FloeError } from '@floe/errors';
import { parseDurationMs } from '@floe/workflow/duration';

/**
 * Fields of a task, read again where they are used: they were validated when the workflow was applied, but that was
 * another process, perhaps of another version. Errors: ARGUMENT_INVALID with the name of the field.
 */
export type Config = Readonly<Record<string, unknown>>;

export function stringField(config: Config, name: string): string {
  const value = config[name];
  if (typeof value === 'string' && value !== '') return value;
  throw wrongField(name, 'a text');
}

/** Undefined when the field is absent. */
export function optionalStringField(config: Config, name: string): string | undefined {
  return config[name] === undefined ? undefined : stringField(config, name);
}

/** Milliseconds, counts: finite and not negative. */
export function numberField(config: Config, name: string): number {
  const value = config[name];
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw wrongField(name, 'a number that is not negative');
}

export function optionalNumberField(config: Config, name: string): number | undefined {
  return config[name] === undefined ? undefined : numberField(config, name);
}

/** Milliseconds of a duration as people write it; undefined when the field is absent. */
export function durationMsField(config: Config, name: string): number | undefined {
  const text = optionalStringField(config, name);
  if (text === undefined) return undefined;
  const durationMs = parseDurationMs(text);
  if (durationMs === undefined) throw wrongField(name, 'a duration like 30s or 5m');
  return durationMs;
}

/** One of a few words; the first when the field is absent. */
export function choiceField<Choice extends string>(
  config: Config,
  name: string,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  const value = config[name] ?? choices[0];
  const choice = choices.find((each) => each === value);
  if (choice === undefined) throw wrongField(name, `one of ${choices.join(', ')}`);
  return choice;
}

/** False when the field is absent. */
export function flagField(config: Config, name: string): boolean {
  const value = config[name] ?? false;
  if (typeof value === 'boolean') return value;
  throw wrongField(name, 'true or false');
}

/** Empty when the field is absent. */
export function stringListField(config: Config, name: string): readonly string[] {
  const value = config[name] ?? [];
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  throw wrongField(name, 'a list of texts');
}

/** Empty when the field is absent. */
export function stringMapField(config: Config, name: string): Readonly<Record<string, string>> {
  const value = config[name] ?? {};
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  const entries: [string, unknown][] = isMap ? Object.entries(value) : [];
  if (isMap && entries.every((entry): entry is [string, string] => typeof entry[1] === 'string'))
    return Object.fromEntries(entries);
  throw wrongField(name, 'a map of texts');
}

function wrongField(name: string, expected: string): FloeError {
  return new FloeError('ARGUMENT_INVALID', `the task's field "${name}" is not ${expected}`, {
    details: { field: name },
    hint: 'apply the workflow again',
  });
}
