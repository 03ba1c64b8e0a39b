import {
  ACCEPTED_ENCODINGS,
  credentialHeaders,
  type HttpEndpoint,
  type HttpRequest,
} from '@floe/http';
import { choiceField, stringField, stringMapField } from '../config-fields.ts';
import { fillText, wrongValue } from '../fill-text.ts';
import type { TaskContext } from '../runner.ts';
import { ANSWER_FORMATS, METHODS } from './methods-and-formats.ts';
import { type Body, fillBody } from './fill-body.ts';
import { fillUrl, type QueryFields, scalarText } from './fill-url.ts';
import { isHeaderValue } from './http-fields.ts';

export type AnswerFormat = (typeof ANSWER_FORMATS)[number];

const ACCEPT: Readonly<Record<AnswerFormat, string>> = {
  json: 'application/json',
  ndjson: 'application/x-ndjson, application/json;q=0.5',
  csv: 'text/csv, */*;q=0.5',
  parquet: 'application/vnd.apache.parquet, */*;q=0.5',
  arrow: 'application/vnd.apache.arrow.file, */*;q=0.5',
  response: '*/*',
};

/** Rows of the input that one request carries. */
export type Batch = Body & {
  /** Tells it from every other batch of the task, and is the same whenever the same rows are sent again. */
  readonly key: string;
};

/** The request of a task with the values of the run. Errors: PARAMETER_INVALID, ARGUMENT_INVALID. */
export function buildRequest(
  { config, params, runId, taskId }: Pick<TaskContext, 'config' | 'params' | 'runId' | 'taskId'>,
  endpoint: HttpEndpoint | undefined,
  batch?: Batch,
): HttpRequest {
  const method = choiceField(config, 'method', METHODS);
  const format = formatOf(config);
  const query = (config['query'] ?? {}) as QueryFields;
  const body = batch ?? fillBody(config, params);
  const key = [runId, taskId, ...(batch === undefined ? [] : [batch.key])].join('/');
  return {
    url: fillUrl(stringField(config, 'url'), { params, query, endpoint }),
    method,
    headers: {
      'user-agent': 'floe',
      accept: format === undefined ? '*/*' : ACCEPT[format],
      'accept-encoding': ACCEPTED_ENCODINGS,
      ...(body !== undefined && {
        'content-type': body.contentType,
        'content-length': Buffer.byteLength(body.text),
      }),
    },
    ownHeaders: {
      // The same for every attempt, so that a server can tell a request that comes again.
      ...(method !== 'GET' && method !== 'HEAD' && { 'idempotency-key': key }),
      ...fillHeaders(config, params),
      ...(endpoint !== undefined && credentialHeaders(endpoint)),
    },
    ...(body !== undefined && { body: body.text }),
  };
}

/** Undefined when the answer is not kept. */
export function formatOf(config: TaskContext['config']): AnswerFormat | undefined {
  return config['format'] === undefined ? undefined : choiceField(config, 'format', ANSWER_FORMATS);
}

function fillHeaders(
  config: TaskContext['config'],
  params: TaskContext['params'],
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, template] of Object.entries(stringMapField(config, 'headers'))) {
    const text = scalarText(template, params);
    if (text === undefined) continue;
    if (!isHeaderValue(text)) throw wrongHeader(template, params, name);
    headers[name.toLowerCase()] = text;
  }
  return headers;
}

/** Names the parameter whose value it is. */
function wrongHeader(template: string, params: TaskContext['params'], header: string): Error {
  let guilty = '';
  fillText(template, params, (value, name) => {
    if (value.kind !== 'null' && !isHeaderValue(value.value)) guilty = name;
    return '';
  });
  const why = `cannot stand in the header ${header}`;
  return wrongValue(guilty, why, 'Headers hold letters, digits and signs of ASCII, on one line.');
}
