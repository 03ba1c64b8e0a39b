import { FloeError } from '@floe/errors';
import { durationField, parseMemoryBytes, type TaskDefinition } from '@floe/workflow';
import { z } from 'zod';
import { columnsField, declaredSchema } from '../columns-field.ts';
import { problemsOf } from './check-together.ts';
import { formField, headersField, queryField, urlField } from './http-fields.ts';
import { ANSWER_FORMATS, METHODS, RESPONSE_SCHEMA, SEND_FORMATS } from './methods-and-formats.ts';
import { rowFields } from './row-fields.ts';

const SAFE_METHODS = new Set<string>(['GET', 'HEAD', 'OPTIONS']);

// The longest that a task may run at all.
const REQUEST_MS_MAX = 24 * 3_600_000;
// A server that wants to be left alone for longer is tried again by `retries`, which hold no place meanwhile.
const RETRY_AFTER_MS_MAX = 10 * 60_000;
// Browsers stop at twenty.
const REDIRECTS_MAX = 20;
const STATUSES_MAX = 50;
// Bodies are made in memory.
const BODY_CHARACTERS_MAX = 1_000_000;
const RESPONSE_BYTES_MAX = 1024 ** 3;

const bytesField = () =>
  z
    .string()
    .refine((text) => parseMemoryBytes(text) !== undefined, {
      error: 'a size is written like 16MiB or 1GiB',
    })
    .refine((text) => (parseMemoryBytes(text) ?? 0) <= RESPONSE_BYTES_MAX, {
      error: 'must be at most 1GiB',
    });

const statusField = z.union(
  [z.int().min(100).max(599), z.string().regex(/^[1-5]xx$/, 'is a status like 200, or like 2xx')],
  { error: 'is a status like 200, or like 2xx' },
);

const config = z
  .strictObject({
    method: z
      .enum(METHODS)
      .optional()
      .describe(`GET when absent; ${METHODS.join(', ')}.`),
    url: urlField().describe(
      'The address; with `connection` the path below its address. `${{ params.name }}` stands for a value in the path or ' +
        'behind `?`, and is encoded.',
    ),
    connection: z
      .string()
      .min(1)
      .optional()
      .describe('An HTTP connection: where the API is, and its secret.'),
    query: queryField().describe(
      'What follows `?`, by name; a list is sent once for each member, and a parameter without a value not at all.',
    ),
    headers: headersField().describe(
      'Headers by name. Secrets are kept in the connection, and stand in no document.',
    ),
    json: z
      .unknown()
      .optional()
      .describe(
        'The body as JSON. A text that is only `${{ params.name }}` becomes the typed value: a number, true, null.',
      ),
    body: z.string().max(BODY_CHARACTERS_MAX).optional().describe('The body as text.'),
    form: formField().describe('The body as a form of a web page, by name.'),
    ...rowFields(),
    expect: z
      .array(statusField)
      .min(1)
      .max(STATUSES_MAX)
      .optional()
      .describe('The statuses that are good, like [200, 404] or [2xx]; 2xx when absent.'),
    format: z
      .enum(ANSWER_FORMATS)
      .optional()
      .describe(
        'Makes the answer a dataset: json (a list of objects, or one), csv, ndjson, parquet and arrow are its rows; response ' +
          'is one row with status, content_type, headers and body. Without it the answer is not kept.',
      ),
    rows: z
      .string()
      .min(1)
      .max(200)
      .regex(/^[^.\s]+(?:\.[^.\s]+)*$/, 'is names with dots between, like data.items')
      .optional()
      .describe('Of json: where the list of rows is within the answer, like data.items.'),
    columns: columnsField().describe(
      'Of json, csv and ndjson: names and types of all columns, like `- id: Int64`; inferred when absent.',
    ),
    request_timeout: durationField({ minMs: 1, maxMs: REQUEST_MS_MAX })
      .optional()
      .describe('How long one request may take, with all of its answer; 30s when absent.'),
    retry_after: durationField({ minMs: 0, maxMs: RETRY_AFTER_MS_MAX })
      .optional()
      .describe(
        'How long at most to wait when the server asks for it by Retry-After; 1m when absent. What asks for longer is ' +
          'left to `retries`.',
      ),
    redirects: z
      .int()
      .min(0)
      .max(REDIRECTS_MAX)
      .optional()
      .describe('How many redirects to follow; 5 when absent.'),
    response_limit: bytesField()
      .optional()
      .describe(
        'How large an unpacked answer may be that is kept; 64MiB when absent, at most 1GiB.',
      ),
  })
  .superRefine((fields, context) => {
    for (const { at, message, hint } of problemsOf(fields)) {
      context.addIssue({ code: 'custom', path: [at], message, params: { hint } });
    }
  });

export const http: TaskDefinition<typeof config> = {
  type: 'http',
  description: 'Sends a request to an HTTP server; the answer may become a dataset.',
  config,
  inputs: { min: 0, max: 1 },
  produces: 'nothing',
  outside: 'changed',
  lane: 'light',
  traits: ({ method = 'GET', format, send }) => ({
    ...(SAFE_METHODS.has(method) && { outside: 'read' }),
    // Rows are made and read by Polars, which works in a worker.
    ...(send !== undefined && { lane: 'slot' }),
    ...(format !== undefined && { produces: 'dataset', lane: 'slot' }),
  }),
  textFields: ['url', 'query', 'headers', 'json', 'body', 'form'],
  opens: 'http',
  connections: ({ connection }) => (connection === undefined ? [] : [connection]),
  address: ({ url }) => url.split('?', 1)[0]!,
  outputSchema({ config: { format, columns, send }, inputs }) {
    requireRowsToSend(send, inputs.size);
    return format === 'response' ? RESPONSE_SCHEMA : declaredSchema(columns);
  },
};

/** Errors: ARGUMENT_INVALID. */
function requireRowsToSend(send: string | undefined, inputs: number): void {
  if (send === undefined ? inputs === 0 : inputs > 0) return;
  const violation =
    send === undefined
      ? {
          field: 'inputs',
          message: 'its rows are sent nowhere',
          hint: `Say how: \`send: ${SEND_FORMATS[0]}\`. To wait for a task alone, name it in \`needs\`.`,
        }
      : {
          field: 'send',
          message: 'there are no rows to send',
          hint: 'Name the task that makes them in `inputs`.',
        };
  throw new FloeError('ARGUMENT_INVALID', violation.message, { violations: [violation] });
}
