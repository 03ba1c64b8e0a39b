import type { ParameterValue } from './parameter-value.ts';

/** The parameters of a run as people wrote them. Integers beyond 2^53 stay text, so that no digit is lost. */
export function parametersAsJson(
  parameters: Readonly<Record<string, ParameterValue>>,
): Record<string, string | number | boolean | null> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, asJson(value)]),
  );
}

function asJson(parameter: ParameterValue): string | number | boolean | null {
  switch (parameter.kind) {
    case 'null':
      return null;
    case 'boolean':
      return parameter.value === 'true';
    case 'float':
      return Number(parameter.value);
    case 'integer':
      return Number.isSafeInteger(Number(parameter.value))
        ? Number(parameter.value)
        : parameter.value;
    default:
      return parameter.value;
  }
}
