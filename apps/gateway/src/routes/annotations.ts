import { FloeError } from '@floe/errors';
import type { FieldValues } from './route.ts';

/** Annotations are texts: a number or an object would become another text than its writer meant. */
export function withTextAnnotations(values: FieldValues): FieldValues {
  const entries = Object.entries((values['annotations'] ?? {}) as object);
  const wrong = entries.filter(([, value]) => typeof value !== 'string');
  if (wrong.length === 0) return values;
  throw invalid(wrong.map(([name]) => ({ field: `annotations.${name}`, message: 'is no text' })));
}

/** `a=b,c=d` of a query as `{a: 'b', c: 'd'}`. */
export function withPairs(values: FieldValues): FieldValues {
  const { annotations: text, ...rest } = values;
  if (typeof text !== 'string' || text === '') return rest;
  const pairs = text.split(',').map((pair) => {
    const at = pair.indexOf('=');
    if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
    throw invalid([{ field: 'annotations', message: 'is no list of name=value' }]);
  });
  return { ...rest, annotations: Object.fromEntries(pairs) };
}

function invalid(violations: readonly { field: string; message: string }[]): FloeError {
  const listed = violations.map(({ field, message }) => `${field} ${message}`).join('; ');
  return new FloeError('ARGUMENT_INVALID', `the request is wrong: ${listed}`, { violations });
}
