import { parseMemoryBytes } from '@floe/workflow';
import { problemOfUrl } from './http-fields.ts';
import { type Found, problemsOfRows, type RowFields } from './row-fields.ts';

/** Of what is read into memory as one text: Node has none that is longer than half a gibibyte. */
const TEXT_BYTES_MAX = 256 * 1024 ** 2;

type Fields = RowFields & {
  readonly method?: string | undefined;
  readonly url: string;
  readonly connection?: string | undefined;
  readonly json?: unknown;
  readonly body?: string | undefined;
  readonly form?: unknown;
  readonly format?: string | undefined;
  readonly rows?: string | undefined;
  readonly columns?: unknown;
  readonly response_limit?: string | undefined;
};

/** What is wrong with fields that are each well formed. */
export function* problemsOf(fields: Fields): Generator<Found> {
  const url = problemOfUrl(fields);
  if (url !== undefined) yield { at: 'url', ...url };
  yield* problemsOfBody(fields);
  yield* problemsOfRows(fields);
  const { format, rows, columns, response_limit: limit = '1MiB' } = fields;
  if (rows !== undefined && format !== 'json')
    yield { at: 'rows', message: 'is only for json', hint: 'Write `format: json`.' };
  if (columns !== undefined && !['json', 'csv', 'ndjson'].includes(format ?? ''))
    yield {
      at: 'columns',
      message: 'is only for json, csv and ndjson',
      hint: 'Pin what other formats hold by `contract`.',
    };
  const isText = format === 'json' || format === 'response';
  if (isText && (parseMemoryBytes(limit) ?? 0) > TEXT_BYTES_MAX)
    yield {
      at: 'response_limit',
      message: `is at most 256MiB for ${format}`,
      hint: 'Ask the server for ndjson, csv or parquet.',
    };
}

function* problemsOfBody({ method = 'GET', json, body, form, send }: Fields): Generator<Found> {
  const given = Object.entries({ json, body, form, send }).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  );
  const [first, second] = given;
  if (second !== undefined)
    yield {
      at: second,
      message: `a request has one body, and \`${first}\` is one`,
      hint: 'Leave one of them out.',
    };
  if (first !== undefined && (method === 'GET' || method === 'HEAD'))
    yield {
      at: first,
      message: `a ${method} has no body`,
      hint: 'Write `method: POST`, or use `query`.',
    };
}
