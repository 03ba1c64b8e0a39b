import type { JsonSchema } from '@floe/rpc';
import type { Field, FieldType } from '../routes/route.ts';

const PLAIN: Readonly<Record<Exclude<FieldType, object>, JsonSchema>> = {
  string: { type: 'string' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'string', pattern: String.raw`^-?\d+$` },
  boolean: { type: 'boolean' },
  timestamp: { type: 'string', format: 'date-time' },
  object: { type: 'object' },
  'string-list': { type: 'array', items: { type: 'string' } },
  list: { type: 'array', items: { type: 'object' } },
  etag: { type: 'string', pattern: '^(W/)?"[0-9]+([.][A-Za-z0-9_-]+)?"$' },
};

/** The schema of what a caller sends for a field. */
export function fieldSchema({ type }: Pick<Field, 'type'>): JsonSchema {
  if (typeof type === 'string') return PLAIN[type];
  const one = { type: 'string', enum: type.values };
  return type.kind === 'enum' ? one : { type: 'array', items: one };
}
