/**
 * What a route of the REST API is: plain data, from which the server, the request checks, the OpenAPI document and the
 * answer to an unknown path are made. There is no other list of routes.
 */
import type { CallOptions } from '@floe/rpc';
import type { Clients } from '../clients.ts';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** What a token has to allow, see `access/level.ts`. A route cannot be written without one. */
export type Scope =
  | 'public'
  | 'workflows:read'
  | 'workflows:write'
  | 'runs:read'
  | 'runs:write'
  | 'connections:read'
  | 'connections:test'
  | 'connections:write'
  | 'system:read'
  | 'caller:read'
  | 'views:write'
  | 'access:admin';

/** Values of an enumeration of the API; in queries and bodies the prefix may be left out and case is free. */
export type EnumType = {
  readonly kind: 'enum' | 'enum-list';
  readonly prefix: string;
  readonly values: readonly string[];
};

export type FieldType =
  | 'string'
  | 'int32'
  | 'int64'
  | 'boolean'
  | 'timestamp'
  | 'object'
  | 'string-list'
  | 'list'
  | 'etag'
  | EnumType;

/** One value of a request and where it comes from. */
export type Field = {
  readonly in: 'path' | 'query' | 'header' | 'body';
  /** As it is written in the request. */
  readonly name: string;
  /** The field of the request message. */
  readonly to: string;
  readonly type: FieldType;
  readonly means: string;
  readonly isRequired: boolean;
};

/** The fields of a request by the names of the message. */
export type FieldValues = Readonly<Record<string, unknown>>;

type RouteBase = {
  /** The operation, as in the gRPC service. */
  readonly name: string;
  readonly method: HttpMethod;
  /** With parameters in braces: `/api/v1/runs/{run_id}:cancel`. */
  readonly path: string;
  readonly scope: Scope;
  readonly summary: string;
  readonly fields: readonly Field[];
  /** The field that a body of YAML stands for. */
  readonly yamlField?: string;
  /** How long its body may be, where a workflow document is shorter. */
  readonly bodyBytesMax?: number;
};

/** One call, one answer. */
export type UnaryRoute = RouteBase & {
  readonly kind: 'unary';
  invoke(clients: Clients, values: FieldValues, options: CallOptions): Promise<object>;
};

/** A message of a stream as a server-sent event. */
export type StreamEvent = {
  readonly type: string;
  /** What a client resumes after; absent for events that are not numbered. */
  readonly id?: string;
  readonly data: object;
  /** As it goes out, where it is written once for many readers. */
  readonly text?: string;
};

/** A stream of server-sent events; with `list`, a JSON list unless `follow` is asked for. */
export type StreamRoute = RouteBase & {
  readonly kind: 'stream';
  readonly list?: string;
  open(clients: Clients, values: FieldValues, options: CallOptions): AsyncIterable<StreamEvent>;
};

/** What only the gateway itself can answer. */
export type LocalRoute = RouteBase & { readonly kind: 'local'; readonly name: LocalName };

export type LocalName =
  | 'getSystem'
  | 'getOpenapi'
  | 'getHealth'
  | 'getReadiness'
  | 'getCaller'
  | 'createToken'
  | 'listTokens'
  | 'revokeToken'
  | 'listAuditEntries'
  | 'listViews'
  | 'saveView'
  | 'getView'
  | 'deleteView';

export type Route = UnaryRoute | StreamRoute | LocalRoute;

/** How a request message is made of its JSON: every generated message has this. */
type RequestType<Request> = { fromJSON(value: unknown): Request };

type CallRow<Request, Result> = RouteBase & {
  readonly request: RequestType<Request>;
  /** Where the values do not have the shape of the message: what makes it of them. */
  readonly shape?: (values: FieldValues) => unknown;
  readonly call: (clients: Clients) => (request: Request, options?: CallOptions) => Result;
};

type UnaryRow<Request, Response> = CallRow<Request, Promise<Response>> & {
  /** Where the answer is not the message: what is made of it. */
  readonly answer?: (response: Response) => object;
};

/** A route of one RPC; the compiler checks that the request type is that of the method. */
export function unary<Request, Response extends object>(
  row: UnaryRow<Request, Response>,
): UnaryRoute {
  const { request, call, shape = unchanged, answer = (response) => response, ...base } = row;
  return {
    ...base,
    kind: 'unary',
    invoke: async (clients, values, options) =>
      answer(await call(clients)(request.fromJSON(shape(values)), options)),
  };
}

type StreamRow<Request, Response> = CallRow<Request, AsyncIterable<Response>> & {
  readonly list?: string;
  readonly toEvent: (message: Response) => StreamEvent;
};

/** A route of one streaming RPC. */
export function stream<Request, Response>(row: StreamRow<Request, Response>): StreamRoute {
  const { request, call, toEvent, shape = unchanged, ...base } = row;
  return {
    ...base,
    kind: 'stream',
    async *open(clients, values, options) {
      const messages = call(clients)(request.fromJSON(shape(values)), options);
      for await (const message of messages) yield toEvent(message);
    },
  };
}

function unchanged(values: FieldValues): unknown {
  return values;
}

type FieldOptions = { readonly means: string; readonly type?: FieldType; readonly to?: string };

export function inPath(name: string, options: FieldOptions): Field {
  return field('path', name, { ...options, isRequired: true });
}

export function inQuery(name: string, options: FieldOptions): Field {
  return field('query', name, { ...options, isRequired: false });
}

export function inHeader(name: string, options: FieldOptions): Field {
  return field('header', name, { ...options, isRequired: false });
}

export function inBody(name: string, options: FieldOptions): Field {
  return field('body', name, { ...options, isRequired: false });
}

export function requiredInBody(name: string, options: FieldOptions): Field {
  return field('body', name, { ...options, isRequired: true });
}

function field(
  place: Field['in'],
  name: string,
  {
    means,
    isRequired,
    type = 'string',
    to = camelCase(name),
  }: FieldOptions & { isRequired: boolean },
): Field {
  return { in: place, name, to, type, means, isRequired };
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

export const PAGE_FIELDS: readonly Field[] = [
  inQuery('page_size', { type: 'int32', means: 'How many at most; 0 for the default.' }),
  inQuery('page_token', { means: '`nextPageToken` of the page before; empty for the first.' }),
];

/** The names of an enumeration that a caller may send. */
export function enumType(kind: EnumType['kind'], prefix: string, all: object): EnumType {
  const names = Object.values(all).filter((value): value is string => typeof value === 'string');
  const values = names.filter((name) => name.startsWith(prefix) && !name.endsWith('_UNSPECIFIED'));
  return { kind, prefix, values };
}
