import { FloeError, assert } from '@floe/errors';
import { IpcFileReader, type RecordBatch } from '../arrow/ipc-file-reader.ts';
import { type ArrowColumn, isNull, mayBeNull } from '../arrow/record-batch.ts';
import { CopyOutput } from './copy-output.ts';
import type { LoadPlan } from './plan-load-columns.ts';
import { chooseEncoder } from './choose-encoder.ts';
import type { ValueEncoder } from './value-encoder.ts';

/** Large enough that a piece costs few system calls, small enough that many wait without filling the memory. */
const PIECE_BYTES = 256 * 1024;

const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TRAILER = Buffer.from([0xff, 0xff]);

/**
 * The rows of a dataset, file by file, in the binary COPY format, for the columns of the plan in their order: the bytes of
 * `COPY table (targets...) FROM STDIN (FORMAT binary)`. Holds one record batch at a time. A piece is good until the piece
 * after the next is asked for.
 *
 * `onRows` is told the count of rows so far, after each batch.
 * Errors: DATASET_MISSING; VALUE_INVALID with column, row (from 1) and value.
 */
export async function* encodeDataset(
  paths: readonly string[],
  plan: LoadPlan,
  onRows: (rows: number) => void = () => {},
): AsyncGenerator<Buffer, void, undefined> {
  const output = new CopyOutput(PIECE_BYTES);
  let rows = 0;
  yield HEADER;
  for (const path of paths) {
    await using reader = await IpcFileReader.open(path);
    const columns = bindColumns(reader, plan);
    for await (const batch of reader.batchesInPlace()) {
      yield* encodeBatch(batch, columns, { output, firstRow: rows });
      rows += batch.rows;
      onRows(rows);
    }
  }
  if (output.length > 0) yield output.take();
  yield TRAILER;
}

type BoundColumn = {
  readonly index: number;
  readonly name: string;
  readonly encode: ValueEncoder;
};

function bindColumns(reader: IpcFileReader, plan: LoadPlan): BoundColumn[] {
  return plan.map(({ source, target, through }) => {
    const index = reader.fields.findIndex((field) => field.name === source);
    const field = reader.fields[index];
    assert(field !== undefined, `the dataset has the planned column ${source}`);
    const choice = chooseEncoder(field.type, through ?? target.type);
    assert(choice.kind === 'encoder', `the planned column ${source} has an encoder`);
    return { index, name: source, encode: choice.encode };
  });
}

type Progress = { readonly output: CopyOutput; readonly firstRow: number };

function* encodeBatch(
  batch: RecordBatch,
  bound: readonly BoundColumn[],
  { output, firstRow }: Progress,
): Generator<Buffer, void, undefined> {
  const columns = bound.map(({ index }) => batch.columns[index]!);
  const nullable = columns.map(mayBeNull);
  for (let row = 0; row < batch.rows; row += 1) {
    const at = output.claim(2);
    output.view.setInt16(at, bound.length);
    for (let index = 0; index < bound.length; index += 1) {
      const { encode, name } = bound[index]!;
      const column = columns[index]!;
      const refusal = nullable[index]!
        ? encodeNullable(column, row, encode, output)
        : encode(column, row, output);
      if (refusal !== undefined) throw refuse(name, firstRow + row + 1, refusal);
    }
    if (output.length >= PIECE_BYTES) yield output.take();
  }
}

function encodeNullable(
  column: ArrowColumn,
  row: number,
  encode: ValueEncoder,
  output: CopyOutput,
): string | undefined {
  if (!isNull(column, row)) return encode(column, row, output);
  const at = output.claim(4);
  output.view.setInt32(at, -1);
  return undefined;
}

function refuse(column: string, row: number, reason: string): FloeError {
  return new FloeError(
    'VALUE_INVALID',
    `the value of column "${column}" in row ${row} cannot be loaded: ${reason}`,
    {
      details: { column, row: String(row) },
      hint: 'filter or change such values in the transform, or widen the column of the table',
    },
  );
}
