import { FloeError } from '@floe/errors';
import type { HttpMethod, QueryValue, Transport } from './http-transport.ts';

export type Query = Readonly<Record<string, QueryValue>>;

/**
 * The answer as the route documents it: the gateway writes every plain field, so the JSON is the type. `holds` names a
 * field without which it is none.
 */
export async function answer<Answer>(
  transport: Transport,
  method: HttpMethod,
  path: string,
  options: { readonly query?: Query; readonly body?: unknown; readonly holds?: string } = {},
): Promise<Answer> {
  const { holds, ...call } = options;
  const answered = await transport.call(method, path, call);
  if (holds !== undefined) part(answered, holds);
  return answered as Answer;
}

export async function pick<Part>(
  transport: Transport,
  path: string,
  name: string,
  query: Query = {},
): Promise<Part> {
  return part(await transport.call('GET', path, { query }), name);
}

export function part<Part>(answered: unknown, name: string): Part {
  const value: unknown = Reflect.get(Object(answered) as object, name);
  if (value !== undefined) return value as Part;
  throw new FloeError('INTERNAL', `the answer of the server has no '${name}'`);
}

export async function nothing(call: Promise<unknown>): Promise<void> {
  await call;
}
