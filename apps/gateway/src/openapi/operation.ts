import { schemaName } from '@floe/rpc';
import type { ApiDescription, JsonSchema } from '@floe/rpc';
import { levelOfScope } from '../access/level.ts';
import type { Field, Route } from '../routes/route.ts';
import { exampleOf } from './examples.ts';
import { fieldSchema } from './field-schema.ts';
import { responseOf } from './rpc-of-route.ts';

export type Described = {
  readonly api: ApiDescription;
  readonly schemas: Readonly<Record<string, JsonSchema>>;
};

/** A route as an operation of OpenAPI. */
export function toOperation(route: Route, described: Described): object {
  const parameters = route.fields.filter((field) => field.in !== 'body').map(toParameter);
  const body = route.fields.filter((field) => field.in === 'body');
  const level = levelOfScope(route.scope);
  return {
    operationId: route.name,
    summary: route.summary,
    tags: [tagOf(route)],
    'x-floe-scope': level,
    ...(level === 'public' ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body.length === 0 ? {} : { requestBody: toRequestBody(route, body) }),
    responses: {
      200: { description: 'The answer.', content: answerContent(route, described) },
      '4XX': { $ref: '#/components/responses/Refused' },
      '5XX': { $ref: '#/components/responses/Failed' },
    },
  };
}

/** By the noun of the path: `/api/v1/runs/...` is about runs. */
export function tagOf(route: Route): string {
  const noun = /^\/api\/v1\/([a-z]+)/.exec(route.path)?.[1] ?? 'system';
  return ['caller', 'audit', 'tokens'].includes(noun) ? 'access' : noun;
}

function toParameter(field: Field): object {
  const { name, in: place, means, isRequired } = field;
  const schema = fieldSchema(field);
  const isEtag = field.type === 'etag';
  return {
    name,
    in: place,
    description: means,
    required: isRequired,
    schema,
    example: isEtag ? '"3"' : exampleOf(schema, field.to, {}),
  };
}

function toRequestBody(route: Route, fields: readonly Field[]): object {
  const names = fields.filter((field) => field.isRequired).map((field) => field.name);
  const schema: JsonSchema = {
    type: 'object',
    additionalProperties: false,
    ...(names.length === 0 ? {} : { required: names }),
    properties: Object.fromEntries(
      fields.map((field) => [field.name, { ...fieldSchema(field), description: field.means }]),
    ),
  };
  const example = exampleOf(schema, route.name, {});
  const source = route.yamlField === undefined ? undefined : Reflect.get(Object(example), 'source');
  const yaml = { 'application/yaml': { schema: { type: 'string' }, example: source } };
  return {
    required: names.length > 0,
    content: {
      'application/json': { schema, example },
      ...(route.yamlField === undefined ? {} : yaml),
    },
  };
}

function answerContent(route: Route, described: Described): object {
  const schema = answerSchema(route, described);
  const example = exampleOf(schema, route.name, described.schemas);
  const json = { 'application/json': { schema, example } };
  if (route.kind !== 'stream') return json;
  // Each event has the JSON of the message in its data.
  const text = {
    type: 'string',
    description: 'Server-sent events, each with such a message as data; Last-Event-ID resumes.',
    contentMediaType: 'application/json',
    contentSchema: {
      $ref: `#/components/schemas/${schemaName(responseOf(described.api, route) ?? '')}`,
    },
  };
  const events = {
    'text/event-stream': { schema: text, example: eventExample(route, described) },
  };
  return route.list === undefined ? events : { ...json, ...events };
}

function answerSchema(route: Route, { api, schemas }: Described): JsonSchema {
  const response = responseOf(api, route);
  if (response === undefined) return { type: 'object' };
  const name = schemaName(response);
  // Nothing but that it was done.
  if (schemas[name] === undefined) return { type: 'object' };
  const message = { $ref: `#/components/schemas/${name}` };
  if (route.kind !== 'stream' || route.list === undefined) return message;
  return {
    type: 'object',
    required: [route.list],
    properties: { [route.list]: { type: 'array', items: message } },
  };
}

function eventExample(route: Route, { api, schemas }: Described): string {
  const message = schemas[schemaName(responseOf(api, route) ?? '')] ?? {};
  const data = JSON.stringify(exampleOf(message, route.name, schemas));
  return `id: 42\nevent: ${route.name === 'tailLogs' ? 'line' : 'event'}\ndata: ${data}\n\n`;
}
