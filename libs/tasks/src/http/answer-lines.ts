import { FloeError } from '@floe/errors';
import { readBody, type HttpAnswer } from '@floe/http';
import { optionalStringField } from '../config-fields.ts';
import type { TaskContext } from '../runner.ts';
import { rowsOfJson } from './answer-rows.ts';
import type { LINE_FORMATS } from './methods-and-formats.ts';

type LineFormat = (typeof LINE_FORMATS)[number];

/** What an answer brought: its rows as lines of NDJSON. */
export type AnswerLines = { readonly lines: readonly string[]; readonly bytes: number };

/** Errors: HTTP_ANSWER_INVALID; throws BodyTooLarge, or what Node says of a connection that was cut. */
export async function linesOfAnswer(
  { config }: Pick<TaskContext, 'config'>,
  answer: HttpAnswer,
  { format, bytesMax }: { readonly format: LineFormat; readonly bytesMax: number },
): Promise<AnswerLines> {
  const chunks: Buffer[] = [];
  for await (const chunk of readBody(answer.response, bytesMax)) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const text = toText(body);
  return {
    lines: linesOf(text, { answer, format, path: optionalStringField(config, 'rows') }),
    bytes: body.byteLength,
  };
}

type Read = {
  readonly answer: HttpAnswer;
  readonly format: LineFormat;
  readonly path: string | undefined;
};

function linesOf(text: string, { answer, format, path }: Read): readonly string[] {
  if (format === 'json') return rowsOfJson(text, path);
  if (format === 'response') return [JSON.stringify(responseRow(answer, text))];
  return text.split('\n').filter((line) => line.trim() !== '');
}

function responseRow({ status, response }: HttpAnswer, body: string) {
  const { 'set-cookie': _, ...headers } = response.headers;
  const content_type = headers['content-type'] ?? null;
  return { status, content_type, headers: JSON.stringify(headers), body };
}

/** A text of UTF-8. Errors: HTTP_ANSWER_INVALID for anything else, of which Polars would make something. */
function toText(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (thrown) {
    throw new FloeError('HTTP_ANSWER_INVALID', 'the answer is no text in UTF-8', {
      cause: thrown,
      hint: 'Is `format` what the server sends?',
    });
  }
}
