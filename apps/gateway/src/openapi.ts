import { ROUTES } from './routes/index.ts';
import type { Field, FieldType, Route } from './routes/route.ts';

/** The OpenAPI 3.1 document of the REST API, made from the route table. */
export function buildOpenApi(version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of ROUTES) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: toOperation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Floe',
      version,
      description:
        'Data workflows over REST. Messages are the proto JSON of floe.v1: 64-bit integers are text, instants RFC 3339.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: { schemas: { Problem: PROBLEM_SCHEMA } },
  };
}

function toOperation(route: Route): object {
  const parameters = route.fields.filter((field) => field.in !== 'body').map(toParameter);
  const body = route.fields.filter((field) => field.in === 'body');
  return {
    operationId: route.name,
    summary: route.summary,
    tags: [tagOf(route)],
    'x-floe-scope': route.scope,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body.length === 0 ? {} : { requestBody: toRequestBody(route, body) }),
    responses: {
      200: { description: 'The answer.', content: answerContent(route) },
      default: {
        description: 'What went wrong, with code and mend.',
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      },
    },
  };
}

function tagOf(route: Route): string {
  return route.scope.split(':')[0] ?? route.scope;
}

function toParameter(field: Field): object {
  const { name, in: place, means, isRequired } = field;
  return {
    name,
    in: place,
    description: means,
    required: isRequired,
    schema: toSchema(field.type),
  };
}

function toRequestBody(route: Route, fields: readonly Field[]): object {
  const names = fields.filter((field) => field.isRequired).map((field) => field.name);
  const schema = {
    type: 'object',
    additionalProperties: false,
    ...(names.length === 0 ? {} : { required: names }),
    properties: Object.fromEntries(
      fields.map(({ name, type, means }) => [name, { ...toSchema(type), description: means }]),
    ),
  };
  const yaml =
    route.yamlField === undefined ? {} : { 'application/yaml': { schema: { type: 'string' } } };
  return { required: names.length > 0, content: { 'application/json': { schema }, ...yaml } };
}

function answerContent(route: Route): object {
  const json = { 'application/json': { schema: { type: 'object' } } };
  if (route.kind !== 'stream') return json;
  const events = { 'text/event-stream': { schema: { type: 'string' } } };
  return route.list === undefined ? events : { ...json, ...events };
}

const PLAIN_SCHEMAS: Readonly<Record<Exclude<FieldType, object>, object>> = {
  string: { type: 'string' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'string', pattern: String.raw`^-?\d+$` },
  boolean: { type: 'boolean' },
  timestamp: { type: 'string', format: 'date-time' },
  object: { type: 'object' },
  'string-list': { type: 'array', items: { type: 'string' } },
  list: { type: 'array', items: { type: 'object' } },
};

function toSchema(type: FieldType): object {
  if (typeof type === 'string') return PLAIN_SCHEMAS[type];
  const one = { type: 'string', enum: type.values };
  return type.kind === 'enum' ? one : { type: 'array', items: one };
}

const PROBLEM_SCHEMA = {
  type: 'object',
  description:
    'RFC 9457, with the code of the error, its mend, and each thing that is wrong in an input.',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    code: { type: 'string' },
    hint: { type: 'string' },
    details: { type: 'object', additionalProperties: { type: 'string' } },
    violations: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'message'],
        properties: {
          field: { type: 'string' },
          message: { type: 'string' },
          hint: { type: 'string' },
          place: {
            type: 'object',
            properties: {
              line: { type: 'integer' },
              column: { type: 'integer' },
              length: { type: 'integer' },
            },
          },
        },
      },
    },
  },
};
