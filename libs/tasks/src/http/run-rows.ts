/**
 * Requests that carry the rows of an input.
 *
 *   N1. When the task succeeds every row was sent at least once. After a batch that was refused no other begins; those
 *       that were under way beside it may have had their effect.
 *   N2. Answers are kept in the order of the rows.
 *   N3. Rows and answers lie in files beside the dataset for as long as they are needed.
 */
import { type FileHandle, open, rm } from 'node:fs/promises';
import { fileFromDataset, toldOfDisk } from '@floe/frame';
import { type HttpAnswer, KeptConnections } from '@floe/http';
import { choiceField, optionalNumberField, optionalStringField } from '../config-fields.ts';
import { datasetPaths, datasetResult, onlyInput } from '../dataset-path.ts';
import type { TaskContext, TaskResult } from '../runner.ts';
import { answerBytesMax, datasetOfAnswer, knownColumns } from './answer-dataset.ts';
import { type AnswerLines, linesOfAnswer } from './answer-lines.ts';
import { inTurn } from './in-turn.ts';
import { LINE_FORMATS, SEND_FORMATS } from './methods-and-formats.ts';
import { type RowBatch, rowBatches, type RowsToSend } from './row-batches.ts';
import { takeAnswer } from './run-light.ts';
import { openTask, sendBatch, type UseAnswer } from './send.ts';

const BATCH_ROWS = 1_000;

export async function runHttpRows(context: TaskContext): Promise<TaskResult> {
  const rowsPath = `${context.outputPath}.rows`;
  const { runId, epoch } = context;
  const asLines = { format: 'ndjson', compression: 'none' } as const;
  try {
    const paths = datasetPaths(onlyInput(context).dataset);
    await fileFromDataset(paths, { path: rowsPath, runId, epoch }, asLines);
    const isKept = context.config['format'] !== undefined;
    return isKept ? await keepAnswers(context, rowsPath) : await sendOnly(context, rowsPath);
  } finally {
    // N3
    await rm(rowsPath, { force: true });
  }
}

async function sendOnly(context: TaskContext, rowsPath: string): Promise<TaskResult> {
  const sent = { rows: 0, bytes: 0 };
  for await (const { batch, result } of answersTo(context, rowsPath, takeAnswer)) {
    sent.rows += batch.rows;
    sent.bytes += result;
    tell(context, sent);
  }
  return sent;
}

/** N2 */
async function keepAnswers(context: TaskContext, rowsPath: string): Promise<TaskResult> {
  const { config } = context;
  const path = `${context.outputPath}.answer`;
  const file = await open(path, 'w');
  try {
    const kept = await toldOfDisk(path, () => writeAnswers(context, { rowsPath, file }));
    const schema = knownColumns(config, choiceField(config, 'format', LINE_FORMATS));
    const isEmpty = kept === 0;
    const facts = await datasetOfAnswer(context, { path, format: 'ndjson', schema, isEmpty });
    return datasetResult(context, facts);
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
}

type Answers = { readonly rowsPath: string; readonly file: FileHandle };

/** Returns how many lines there are. */
async function writeAnswers(context: TaskContext, { rowsPath, file }: Answers): Promise<number> {
  const { config } = context;
  const format = choiceField(config, 'format', LINE_FORMATS);
  const inAllMax = answerBytesMax(config);
  const sent = { rows: 0, bytes: 0 };
  // Those that are under way together are in memory together.
  const eachMax = Math.floor(inAllMax / parallelOf(context));
  const use = (answer: HttpAnswer): Promise<AnswerLines> =>
    linesOfAnswer(context, answer, { format, bytesMax: Math.min(eachMax, inAllMax - sent.bytes) });
  let count = 0;
  for await (const { batch, result } of answersTo(context, rowsPath, use)) {
    await file.appendFile(result.lines.map((line) => `${line}\n`).join(''));
    count += result.lines.length;
    sent.rows += batch.rows;
    sent.bytes += result.bytes;
    tell(context, sent);
  }
  return count;
}

/** Sends all rows; gives what was made of the answers in the order of the rows. */
async function* answersTo<Result>(context: TaskContext, rowsPath: string, use: UseAnswer<Result>) {
  const { config } = context;
  const rows: RowsToSend = {
    send: choiceField(config, 'send', SEND_FORMATS),
    rowsMax: optionalNumberField(config, 'batch') ?? BATCH_ROWS,
    within: optionalStringField(config, 'within'),
  };
  using kept = new KeptConnections(parallelOf(context));
  const opened = { ...(await openTask(context)), kept };
  const bounds = { parallel: parallelOf(context), signal: context.signal };
  yield* inTurn(rowBatches(rowsPath, rows), bounds, async (batch, signal) => {
    const result = await sendBatch(opened, { batch, name: nameOf(batch), signal }, use);
    return { batch, result };
  });
}

function parallelOf({ config }: TaskContext): number {
  return optionalNumberField(config, 'parallel') ?? 1;
}

/** As people count them. */
function nameOf({ firstRow, rows }: RowBatch): string {
  if (rows === 1) return `row ${firstRow + 1}`;
  return `rows ${firstRow + 1} to ${firstRow + rows}`;
}

type Sent = { readonly rows: number; readonly bytes: number };

function tell(context: TaskContext, { rows, bytes }: Sent): void {
  const { dataset } = onlyInput(context);
  context.progress({ rows, bytes, share: rows / Math.max(rows, dataset.rows) });
}
