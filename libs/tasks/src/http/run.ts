/**
 * A request whose answer becomes a dataset.
 *
 *   D1. The answer lies in a file beside the dataset until it is read, and is removed then, whatever happens.
 *   D2. It is whole or there is no dataset: a connection that is cut is an error.
 *   D3. A disk that takes no more is no fault of the server.
 */
import { createWriteStream } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { toldOfDisk } from '@floe/frame';
import { readBody, type HttpAnswer } from '@floe/http';
import { datasetResult } from '../dataset-path.ts';
import type { TaskContext, TaskResult } from '../runner.ts';
import {
  type AnswerFile,
  answerBytesMax,
  datasetOfAnswer,
  knownColumns,
} from './answer-dataset.ts';
import { linesOfAnswer } from './answer-lines.ts';
import { type AnswerFormat, formatOf } from './build-request.ts';
import { runHttpLight } from './run-light.ts';
import { runHttpRows } from './run-rows.ts';
import { sendTask } from './send.ts';

/** In a worker: what reads rows, and what makes some. */
export async function runHttp(context: TaskContext): Promise<TaskResult> {
  if (context.config['send'] !== undefined) return runHttpRows(context);
  const format = formatOf(context.config);
  if (format === undefined) return runHttpLight(context);
  const path = `${context.outputPath}.answer`;
  try {
    const kept = await sendTask(context, (answer) => keep(context, { answer, format, path }));
    context.progress({ bytes: kept.bytes });
    const facts = await datasetOfAnswer(context, kept);
    context.log('info', `answered ${kept.status}, ${kept.bytes} bytes, ${facts.rows} rows`);
    return datasetResult(context, facts);
  } finally {
    // D1
    await rm(path, { force: true });
  }
}

type Keeping = {
  readonly answer: HttpAnswer;
  readonly format: AnswerFormat;
  readonly path: string;
};

type Kept = AnswerFile & { readonly status: number; readonly bytes: number };

/** Brings the answer into a file that Polars reads. */
async function keep(context: TaskContext, { answer, format, path }: Keeping): Promise<Kept> {
  const { config } = context;
  const { response, status } = answer;
  const bytesMax = answerBytesMax(config);
  const schema = knownColumns(config, format);
  if (format !== 'json' && format !== 'response') {
    const file = createWriteStream(path);
    await toldOfDisk(path, () => pipeline(readBody(response, bytesMax), file)); // D3
    const bytes = file.bytesWritten;
    return { path, status, bytes, format, schema, isEmpty: false };
  }
  const { lines, bytes } = await linesOfAnswer(context, answer, { format, bytesMax });
  await toldOfDisk(path, () => writeFile(path, lines.map((line) => `${line}\n`).join(''))); // D3
  return { path, status, bytes, format: 'ndjson', schema, isEmpty: lines.length === 0 };
}
