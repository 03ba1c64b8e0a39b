import type { Parameter } from '../catalogue/signature.ts';
import type { Literal } from '../program.ts';

/** The parameters of a call as Python writes them. */
export function signatureText(parameters: readonly Parameter[]): string {
  const places = parameters.filter(({ isKeywordOnly }) => !isKeywordOnly).map(parameter);
  const keywords = parameters.filter(({ isKeywordOnly }) => isKeywordOnly).map(parameter);
  return [...places, ...(keywords.length > 0 ? ['*', ...keywords] : [])].join(', ');
}

function parameter({ name, fallback, isOptional, isVariadic }: Parameter): string {
  if (isVariadic) return `*${name}`;
  if (fallback !== undefined) return `${name}=${literal(fallback)}`;
  return isOptional ? `${name}=None` : name;
}

function literal(value: Literal): string {
  switch (value.kind) {
    case 'null':
      return 'None';
    case 'boolean':
      return value.value ? 'True' : 'False';
    case 'string':
      return JSON.stringify(value.value);
    case 'integer':
    case 'float':
      return value.value;
    default:
      return value.kind;
  }
}
