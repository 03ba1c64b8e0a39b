import { describeApi } from '@floe/rpc';
import { ROUTES } from '../routes/index.ts';
import type { Route } from '../routes/route.ts';
import { tagOf, toOperation } from './operation.ts';
import type { Described } from './operation.ts';
import { PROBLEM_EXAMPLE, PROBLEM_NAME, PROBLEM_SCHEMA } from './problem-schema.ts';
import { responseOf } from './rpc-of-route.ts';

const ABOUT = `Data workflows over REST. Messages are the proto JSON of floe.v1: 64-bit integers are text, instants RFC 3339.

Every error is a problem document (RFC 9457). Reads have an ETag; lists have the link to their next page in the header
Link. A POST that starts something takes an Idempotency-Key: the same again answers the first.`;

const TAGS: Readonly<Record<string, string>> = {
  workflows: 'Documents and their versions.',
  runs: 'Starting, steering and watching runs.',
  artifacts: 'What runs left for people.',
  lineage: 'Where tables and columns come from.',
  schedules: 'When workflows run by themselves.',
  backfills: 'Slots of a schedule within a range of time.',
  connections: 'The databases that workflows use.',
  executors: 'Who runs tasks.',
  overview: 'What needs attention now.',
  imports: 'What comes from other systems.',
  access: 'Tokens and the audit log.',
  system: 'The gateway itself.',
};

/** The OpenAPI 3.1 document of the REST API, made from the route table and the protos. */
export function buildOpenApi(version: string): object {
  const described = describeRoutes(ROUTES);
  const paths: Record<string, Record<string, object>> = {};
  for (const route of ROUTES) {
    const operation = toOperation(route, described);
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation };
  }
  const tags = [...new Set(ROUTES.map(tagOf))];
  return {
    openapi: '3.1.0',
    info: {
      title: 'Floe',
      version,
      description: ABOUT,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The gateway that serves this document.' }],
    security: [{ token: [] }],
    tags: tags.map((name) => ({ name, description: TAGS[name] ?? `About ${name}.` })),
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'Made by `floe tokens create`. On loopback none may be needed.',
        },
      },
      responses: {
        Refused: problemResponse('The request cannot be answered as it is; the code says why.'),
        Failed: problemResponse('Floe or something behind it failed; the code says what.'),
      },
      schemas: { ...described.schemas, [PROBLEM_NAME]: PROBLEM_SCHEMA },
    },
  };
}

function problemResponse(description: string): object {
  const schema = { $ref: `#/components/schemas/${PROBLEM_NAME}` };
  return {
    description,
    content: { 'application/problem+json': { schema, example: PROBLEM_EXAMPLE } },
  };
}

function describeRoutes(routes: readonly Route[]): Described {
  const api = describeApi();
  const answers = routes.flatMap((route) => responseOf(api, route) ?? []);
  return { api, schemas: api.schemasOf(answers) };
}
