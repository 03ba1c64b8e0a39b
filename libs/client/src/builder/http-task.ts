import type { Columns } from './column-types.ts';
import type { Duration, Fields, Json, TaskOptions } from './document-types.ts';
import { Parameter } from './parameter.ts';

/** A value of the document, or one that a run is given. */
export type HttpValue = string | number | boolean | Parameter;

export type HttpJson =
  | HttpValue
  | null
  | readonly HttpJson[]
  | { readonly [name: string]: HttpJson };

export type HttpOptions = TaskOptions & {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS';
  /** An address; with `connection` the path below its address. Parameters stand in it by reference: `/orders/${id.reference}`. */
  readonly url: string;
  /** An HTTP connection: where the API is, and its secret. */
  readonly connection?: string;
  readonly query?: Readonly<Record<string, HttpValue | readonly HttpValue[]>>;
  readonly headers?: Readonly<Record<string, HttpValue>>;
  readonly expect?: readonly (number | `${1 | 2 | 3 | 4 | 5}xx`)[];
  readonly request_timeout?: Duration;
  readonly retry_after?: Duration;
  readonly redirects?: number;
  readonly response_limit?: string;
  readonly json?: HttpJson;
  readonly body?: string;
  readonly form?: Readonly<Record<string, HttpValue>>;
};

export type HttpRowsOptions<Of extends Columns> = HttpOptions & {
  readonly format: 'json' | 'ndjson' | 'csv';
  /** Of json: where the list is within the answer, like `data.items`. */
  readonly rows?: string;
  readonly columns: Of;
};

const OWN = (
  'method url connection query headers expect request_timeout retry_after redirects response_limit json body form ' +
  'format rows columns'
).split(' ');

/** The fields of the type, with references for parameters, and those that every task may have. */
export function splitHttp(options: HttpOptions): readonly [Fields, TaskOptions] {
  const entries = Object.entries(options);
  const own = entries.filter(([name]) => OWN.includes(name));
  const shared = entries.filter(([name]) => !OWN.includes(name));
  const fields = own.map(([name, value]) => [name, toJson(value as HttpJson)]);
  return [Object.fromEntries(fields) as Fields, Object.fromEntries(shared) as TaskOptions];
}

function toJson(value: HttpJson | undefined): Json | undefined {
  if (value instanceof Parameter) return value.reference;
  if (Array.isArray(value)) return value.map((each: HttpJson) => toJson(each) ?? null);
  if (typeof value !== 'object' || value === null) return value as Json | undefined;
  const entries = Object.entries(value).map(([name, each]) => [name, toJson(each as HttpJson)]);
  return Object.fromEntries(entries) as Json;
}
