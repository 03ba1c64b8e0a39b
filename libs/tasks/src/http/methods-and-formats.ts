import type { Schema } from '@floe/expression';
import { FILE_FORMATS } from '@floe/frame/files';

export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export const ANSWER_FORMATS = ['json', ...FILE_FORMATS, 'response'] as const;

/** Of what the answers of several requests can be put together, line by line. */
export const LINE_FORMATS = ['json', 'ndjson', 'response'] as const;

/** How rows of an input are sent. */
export const SEND_FORMATS = ['json', 'ndjson', 'row'] as const;

export const RESPONSE_SCHEMA: Schema = [
  { name: 'status', type: { kind: 'int32' } },
  { name: 'content_type', type: { kind: 'string' } },
  { name: 'headers', type: { kind: 'string' } },
  { name: 'body', type: { kind: 'string' } },
];
