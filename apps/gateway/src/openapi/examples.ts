/** Examples of all that has a schema, made of one example for each name. */
import type { JsonSchema } from '@floe/rpc';

type Schemas = Readonly<Record<string, JsonSchema>>;

const RUN_ID = '0199c2de-7a10-7cc1-8a55-1f6d3b2a9e04';
const INSTANT = '2026-01-31T06:00:00.000Z';

/** By the name of the field, in camel case. */
const BY_NAME: Readonly<Record<string, unknown>> = {
  workflowName: 'late-flights',
  name: 'late-flights',
  runId: RUN_ID,
  taskId: 'ranking',
  scheduleId: 'late-flights/daily',
  backfillId: '0199c2de-8b21-7d02-9b66-2a7e4c3b0f15',
  artifactId: '0199c2de-9c32-7e13-8c77-3b8f5d4c1a26',
  tokenId: '0199c2de-ad43-7f24-9d88-4c9a6e5d2b37',
  viewId: '0199c2de-be54-7035-8e99-5dab7f6e3c48',
  source: 'name: late-flights\ntasks:\n  wait: { type: sleep, duration: 1s }\n',
  dataset: 'analytics.late_flights',
  column: 'origin',
  host: 'db.example.com',
  port: 5432,
  database: 'warehouse',
  username: 'etl',
  secretReference: 'env:WAREHOUSE_PASSWORD',
  requestId: 'nightly-2026-01-31',
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  actor: 'token:ci',
  object: 'workflows/late-flights',
  action: 'startRun',
  search: 'flights',
  pageToken: '',
  nextPageToken: '',
  pageSize: 50,
};

// Messages hold each other; below this an example is left empty.
const DEPTH_MAX = 5;

/** A value that the schema allows. */
export function exampleOf(schema: JsonSchema, name: string, schemas: Schemas, depth = 0): unknown {
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    const target = schemas[reference.replace('#/components/schemas/', '')] ?? {};
    return exampleOf(target, name, schemas, depth);
  }
  const values = schema['enum'];
  if (Array.isArray(values)) return values[1] ?? values[0];
  switch (schema['type']) {
    case 'object':
      return exampleObject(schema, schemas, depth);
    case 'array':
      return depth >= DEPTH_MAX || schema['items'] === undefined
        ? []
        : [exampleOf(schema['items'] as JsonSchema, singular(name), schemas, depth + 1)];
    case 'boolean':
      return false;
    case 'integer':
    case 'number':
      return typeof BY_NAME[name] === 'number' ? BY_NAME[name] : 1;
    default:
      return exampleText(schema, name);
  }
}

function exampleText(schema: JsonSchema, name: string): unknown {
  if (schema['format'] === 'date-time') return INSTANT;
  if (schema['pattern'] !== undefined) return '42';
  const known = BY_NAME[name];
  return typeof known === 'string' ? known : '';
}

function exampleObject(schema: JsonSchema, schemas: Schemas, depth: number): object {
  const properties = (schema['properties'] ?? {}) as Schemas;
  const required = (schema['required'] ?? []) as readonly string[];
  const shown = Object.entries(properties).filter(
    ([name]) => depth < DEPTH_MAX || required.includes(name),
  );
  return Object.fromEntries(
    shown.map(([name, part]) => [name, exampleOf(part, name, schemas, depth + 1)]),
  );
}

function singular(name: string): string {
  return name.endsWith('Names') || name.endsWith('Ids') ? name.slice(0, -1) : name;
}
