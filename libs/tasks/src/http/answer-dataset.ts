import { FloeError } from '@floe/errors';
import type { Schema } from '@floe/expression';
import { type DatasetFacts, datasetFromFiles, type FileFormat } from '@floe/frame';
import { parseMemoryBytes } from '@floe/workflow/memory-size';
import { declaredColumns } from '../columns-field.ts';
import { type Config, optionalStringField } from '../config-fields.ts';
import type { TaskContext } from '../runner.ts';
import type { AnswerFormat } from './build-request.ts';
import { RESPONSE_SCHEMA } from './methods-and-formats.ts';

const RESPONSE_BYTES = 64 * 1024 ** 2;

/** How much of answers is kept, unpacked. */
export function answerBytesMax(config: Config): number {
  const limit = optionalStringField(config, 'response_limit');
  return (limit === undefined ? undefined : parseMemoryBytes(limit)) ?? RESPONSE_BYTES;
}

/** The columns that are known before an answer is read. */
export function knownColumns(config: Config, format: AnswerFormat): Schema | undefined {
  return format === 'response' ? RESPONSE_SCHEMA : declaredColumns(config);
}

/** What answers brought, in a file that Polars reads. */
export type AnswerFile = {
  readonly path: string;
  readonly format: FileFormat;
  readonly schema?: Schema | undefined;
  readonly isEmpty: boolean;
};

/** Errors: HTTP_ANSWER_INVALID. */
export async function datasetOfAnswer(
  context: TaskContext,
  { path: answerPath, format, schema, isEmpty }: AnswerFile,
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
