/**
 * A request whose answer becomes a dataset.
 *
 *   D1. The answer lies in a file beside the dataset until it is read, and is removed then, whatever happens.
 *   D2. It is whole or there is no dataset: a connection that is cut is an error.
 */
import { createWriteStream } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { FloeError } from '@floe/errors';
import type { Schema } from '@floe/expression';
import { type DatasetFacts, datasetFromFiles, type FileFormat } from '@floe/frame';
import { readBody, type HttpAnswer } from '@floe/http';
import { parseMemoryBytes } from '@floe/workflow/memory-size';
import { declaredColumns } from '../columns-field.ts';
import { optionalStringField } from '../config-fields.ts';
import { datasetResult } from '../dataset-path.ts';
import type { TaskContext, TaskResult } from '../runner.ts';
import { rowsOfJson } from './answer-rows.ts';
import { type AnswerFormat, formatOf } from './build-request.ts';
import { RESPONSE_SCHEMA } from './methods-and-formats.ts';
import { runHttpLight } from './run-light.ts';
import { sendTask } from './send.ts';

const RESPONSE_BYTES = 64 * 1024 ** 2;

export async function runHttp(context: TaskContext): Promise<TaskResult> {
  const format = formatOf(context.config);
  if (format === undefined) return runHttpLight(context);
  const answerPath = `${context.outputPath}.answer`;
  try {
    const kept = await sendTask(context, (answer) => keep(context, { answer, format, answerPath }));
    context.progress({ bytes: kept.bytes });
    const facts = await makeDataset(context, kept, answerPath);
    context.log('info', `answered ${kept.status}, ${kept.bytes} bytes, ${facts.rows} rows`);
    return datasetResult(context, facts);
  } finally {
    // D1
    await rm(answerPath, { force: true });
  }
}

type Keeping = {
  readonly answer: HttpAnswer;
  readonly format: AnswerFormat;
  readonly answerPath: string;
};

type Kept = {
  readonly status: number;
  readonly bytes: number;
  readonly format: FileFormat;
  readonly schema?: Schema | undefined;
  readonly isEmpty: boolean;
};

/** Brings the answer into a file that Polars reads. */
async function keep(context: TaskContext, { answer, format, answerPath }: Keeping): Promise<Kept> {
  const { response, status } = answer;
  const limit = optionalStringField(context.config, 'response_limit');
  const bytesMax = (limit === undefined ? undefined : parseMemoryBytes(limit)) ?? RESPONSE_BYTES;
  if (format !== 'json' && format !== 'response') {
    const file = createWriteStream(answerPath);
    await pipeline(readBody(response, bytesMax), file);
    const bytes = file.bytesWritten;
    return { status, bytes, format, schema: declaredColumns(context.config), isEmpty: false };
  }
  const body = await readWhole(response, bytesMax);
  const lines =
    format === 'json' ? jsonLines(context, body) : [JSON.stringify(responseRow(answer, body))];
  await writeFile(answerPath, lines.map((line) => `${line}\n`).join(''));
  const schema = format === 'json' ? declaredColumns(context.config) : RESPONSE_SCHEMA;
  const isEmpty = lines.length === 0;
  return { status, bytes: body.byteLength, format: 'ndjson', schema, isEmpty };
}

async function readWhole(response: HttpAnswer['response'], bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of readBody(response, bytesMax)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function jsonLines({ config }: TaskContext, body: Buffer): readonly string[] {
  return rowsOfJson(toText(body), optionalStringField(config, 'rows'));
}

function responseRow({ status, response }: HttpAnswer, body: Buffer) {
  const { 'set-cookie': _, ...headers } = response.headers;
  const content_type = headers['content-type'] ?? null;
  return { status, content_type, headers: JSON.stringify(headers), body: toText(body) };
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

async function makeDataset(
  context: TaskContext,
  { format, schema, isEmpty }: Kept,
  answerPath: string,
): Promise<DatasetFacts> {
  if (isEmpty && schema === undefined) {
    throw new FloeError(
      'HTTP_ANSWER_INVALID',
      'the answer has no rows, so that no columns are known',
      {
        hint: 'Declare them under `columns`.',
      },
    );
  }
  const { outputPath: output } = context;
  try {
    return await datasetFromFiles([answerPath], { format, output, ...(schema && { schema }) });
  } catch (thrown) {
    throw explain(thrown, answerPath);
  }
}

/** The name of a file that is gone helps nobody. */
function explain(thrown: unknown, answerPath: string): unknown {
  if (!(thrown instanceof FloeError) || thrown.code !== 'FILE_INVALID') return thrown;
  const message = thrown.message.replaceAll(answerPath, 'the answer');
  return new FloeError('HTTP_ANSWER_INVALID', message, {
    cause: thrown,
    hint: 'Is `format` what the server sends, and do `columns` name what it holds?',
  });
}
