/** Requests for an operation of an OpenAPI document: what its schema wants, and what it does not. */
import fc from 'fast-check';
import { hostileBody, hostileNumber, hostileText, hostileType } from './hostile.ts';

type Schema = {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
};

export type Operation = {
  readonly operationId: string;
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: 'path' | 'query' | 'header';
    readonly schema: Schema;
  }[];
  readonly requestBody?: {
    readonly content: { readonly 'application/json': { readonly schema: Schema } };
  };
};

export type OpenApi = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};

export type FuzzRequest = {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
};

/** Names and ids that are there, so that requests get behind the first check. */
export type Known = Readonly<Record<string, string>>;

export type Target = {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
};

export function requestsFor(target: Target, known: Known): fc.Arbitrary<FuzzRequest> {
  const { operation } = target;
  const parameters = operation.parameters ?? [];
  const values = parameters.map(({ name, schema, in: place }) =>
    parameterText(schema, known[name], place === 'path'),
  );
  return fc.tuple(fc.tuple(...values), bodyFor(operation, known), extraQuery).map((drawn) => {
    const [texts, sent, extra] = drawn;
    let path = target.path;
    const query = new URLSearchParams(extra);
    const headers: Record<string, string> = { ...sent?.headers };
    for (const [index, { name, in: place }] of parameters.entries()) {
      const text = texts[index];
      if (text === undefined) continue;
      if (place === 'path') path = path.replace(`{${name}}`, () => encode(text));
      else if (place === 'query') query.append(name, wellFormed(text));
      else headers[name] = headerText(text);
    }
    const search = query.toString();
    return {
      method: target.method.toUpperCase(),
      path: search === '' ? path : `${path}?${search}`,
      headers,
      body: sent?.body,
    };
  });
}

const extraQuery = fc.oneof(
  { weight: 9, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.constantFrom('nonsense=1', 'page_size=1&page_size=2', '__proto__=1') },
);

function parameterText(
  schema: Schema,
  known: string | undefined,
  isNeeded: boolean,
): fc.Arbitrary<string | undefined> {
  const asked = known === undefined ? [] : [{ weight: 4, arbitrary: fc.constant(known) }];
  const left = isNeeded ? [] : [{ weight: 3, arbitrary: fc.constant(undefined) }];
  const fitting = valueFor(schema, {}, '').map(textOf);
  return fc.oneof(
    ...asked,
    ...left,
    { weight: 2, arbitrary: fitting },
    { weight: 2, arbitrary: hostileText },
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

type Sent = { readonly body: string; readonly headers: Readonly<Record<string, string>> };

function bodyFor(operation: Operation, known: Known): fc.Arbitrary<Sent | undefined> {
  const schema = operation.requestBody?.content['application/json'].schema;
  const json = { 'content-type': 'application/json' };
  const hostile = fc
    .tuple(hostileBody, hostileType)
    .map(([body, type]) => ({ body, headers: { 'content-type': type } }));
  if (schema === undefined) {
    return fc.oneof(
      { weight: 5, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: hostile },
    );
  }
  const fitting = valueFor(schema, known, '').map((value) => ({
    body: JSON.stringify(value),
    headers: json,
  }));
  const truncated = fc.tuple(fitting, fc.nat(200)).map(([{ body, headers }, length]) => ({
    body: body.slice(0, length),
    headers,
  }));
  return fc.oneof(
    { weight: 6, arbitrary: fitting },
    { weight: 1, arbitrary: truncated },
    { weight: 2, arbitrary: hostile },
  );
}

/** Mostly of the type that is wanted, sometimes of another. */
function valueFor(schema: Schema, known: Known, name: string): fc.Arbitrary<unknown> {
  const wrong = fc.oneof(hostileText, hostileNumber, fc.constantFrom(null, true, [], {}, [[]]));
  const wanted = wantedValue(schema, known, name);
  return fc.oneof({ weight: 6, arbitrary: wanted }, { weight: 1, arbitrary: wrong });
}

function wantedValue(schema: Schema, known: Known, name: string): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.oneof(fc.integer({ min: -2, max: 600 }), hostileNumber);
    case 'array':
      return fc.array(valueFor(schema.items ?? {}, known, name), { maxLength: 3 });
    case 'object':
      return schema.properties === undefined
        ? fc.dictionary(hostileText, fc.oneof(hostileText, fc.jsonValue()), { maxKeys: 4 })
        : objectFor(schema.properties, known);
    default:
      return textFor(schema, known[name]);
  }
}

function objectFor(
  properties: Readonly<Record<string, Schema>>,
  known: Known,
): fc.Arbitrary<unknown> {
  const parts = Object.entries(properties).map(([name, part]) => [
    name,
    fc.option(valueFor(part, known, name), { nil: undefined, freq: 4 }),
  ]);
  return fc.record(Object.fromEntries(parts) as Record<string, fc.Arbitrary<unknown>>);
}

function textFor(schema: Schema, known: string | undefined): fc.Arbitrary<string> {
  const asked = known === undefined ? [] : [{ weight: 6, arbitrary: fc.constant(known) }];
  const instant = fc
    .integer({ min: 0, max: 4_102_444_800_000 })
    .map((ms) => new Date(ms).toISOString());
  const whole = fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String);
  const fitting =
    schema.format === 'date-time' ? instant : schema.pattern === undefined ? hostileText : whole;
  return fc.oneof(
    ...asked,
    { weight: 2, arbitrary: fitting },
    { weight: 1, arbitrary: hostileText },
  );
}

/** As text of a path; what has a percent sign already stays as a hostile client wrote it. */
function encode(text: string): string {
  if (text.includes('%')) return text.replaceAll(/[^\w%.~-]/g, '');
  const encoded = encodeURIComponent(wellFormed(text));
  return encoded === '' || /^\.+$/.test(encoded) ? 'x' : encoded;
}

function wellFormed(text: string): string {
  return text.toWellFormed();
}

/** What a client can send in a header at all. */
function headerText(text: string): string {
  return text.replaceAll(/[^\u0020-\u007e]/g, '?').trim();
}
