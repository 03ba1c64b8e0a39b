import type { ParameterValue } from '@floe/expression';
import { parameterOf, referencesIn } from './references.ts';

/** The key of a run: its text with the values of parameters. It is compared with others, and nothing else. */
export function renderKey(
  key: string,
  parameters: Readonly<Record<string, ParameterValue>>,
): string {
  let rendered = '';
  let copied = 0;
  for (const reference of referencesIn(key)) {
    const value = parameters[parameterOf(reference) ?? ''];
    const text = value === undefined || value.kind === 'null' ? '' : value.value;
    rendered += key.slice(copied, reference.start) + text;
    copied = reference.end;
  }
  return rendered + key.slice(copied);
}
