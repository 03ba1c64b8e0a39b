import { z } from 'zod';
import { LINE_FORMATS, SEND_FORMATS } from './methods-and-formats.ts';

// What APIs take at once is in the hundreds; a body is cut before it has more bytes than it should.
const BATCH_ROWS_MAX = 10_000;
// As many as a browser opens to a few servers. Each holds a body and an answer in memory.
const PARALLEL_MAX = 16;

/** The fields of a request that carries the rows of an input. */
export const rowFields = () => ({
  send: z
    .enum(SEND_FORMATS)
    .optional()
    .describe(
      'Sends the rows of the input as bodies: json (lists of objects), ndjson (an object a line) or row (one object, and a ' +
        'request for each row).',
    ),
  batch: z
    .int()
    .min(1)
    .max(BATCH_ROWS_MAX)
    .optional()
    .describe(
      'Of json and ndjson: how many rows one request carries at most; 1000 when absent. It carries fewer where they would ' +
        'have more than 8 MiB.',
    ),
  within: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .describe(
      'Of `send: json`: the name under which the list stands in an object; the body is the list when absent.',
    ),
  parallel: z
    .int()
    .min(1)
    .max(PARALLEL_MAX)
    .optional()
    .describe(
      'With `send`: how many requests are under way at once; one after the other when absent.',
    ),
});

export type RowFields = {
  readonly send?: string | undefined;
  readonly batch?: number | undefined;
  readonly within?: string | undefined;
  readonly parallel?: number | undefined;
  readonly format?: string | undefined;
};

export type Found = { readonly at: string; readonly message: string; readonly hint: string };

const JOINED = new Set<string>(LINE_FORMATS);

export function* problemsOfRows({
  send,
  format,
  batch,
  within,
  parallel,
}: RowFields): Generator<Found> {
  for (const [at, value] of Object.entries({ batch, within, parallel })) {
    if (value === undefined || send !== undefined) continue;
    yield {
      at,
      message: 'is only for rows that are sent',
      hint: 'Write `send: json` and `inputs`.',
    };
  }
  if (send === 'row' && batch !== undefined)
    yield { at: 'batch', message: 'is not for single rows', hint: 'Write `send: json`.' };
  if (send !== undefined && send !== 'json' && within !== undefined)
    yield { at: 'within', message: 'is only for lists of JSON', hint: 'Write `send: json`.' };
  if (send !== undefined && format !== undefined && !JOINED.has(format))
    yield {
      at: 'format',
      message: `the answers of several requests make no one ${format}`,
      hint: 'With `send` it is json, ndjson or response.',
    };
}
