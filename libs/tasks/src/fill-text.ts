import { FloeError } from '@floe/errors';
import type { ParameterValue } from '@floe/expression';
import { parameterOf, referencesIn } from '@floe/workflow/references';

export type Parameters = Readonly<Record<string, ParameterValue>>;

/** How a value stands in a text; the name is that of its parameter. */
export type WriteValue = (value: ParameterValue, name: string) => string;

/** As people read it; nothing where there is no value. */
export const asItIs: WriteValue = (value) => (value.kind === 'null' ? '' : value.value);

/** The text with the values of the parameters that it names. */
export function fillText(text: string, params: Parameters, write: WriteValue = asItIs): string {
  let filled = '';
  let from = 0;
  for (const reference of referencesIn(text)) {
    const name = parameterOf(reference) ?? '';
    filled += text.slice(from, reference.start) + write(params[name] ?? { kind: 'null' }, name);
    from = reference.end;
  }
  return filled + text.slice(from);
}

export function wrongValue(name: string, why: string, hint: string): FloeError {
  return new FloeError('PARAMETER_INVALID', `the value of parameter "${name}" ${why}`, {
    details: { parameter: name },
    hint,
  });
}
