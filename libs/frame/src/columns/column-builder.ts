import { FloeError } from '@floe/errors';
import type { DataType } from '@floe/expression';
import type { ColumnBuffers } from '../arrow/ipc-file-writer.ts';
import { type PostgresType, wireFormatOf } from '../copy/postgres-types.ts';
import { BooleanBuilder } from './boolean-builder.ts';
import { FixedBuilder } from './fixed-builder.ts';
import { fixedLoop } from './fixed-loops.ts';
import { ListBuilder } from './list-builder.ts';
import { numericLoop } from './numeric-loop.ts';
import { ViewBuilder } from './view-builder.ts';
import type { Places, Refusal, WireBytes } from './wire-values.ts';

/**
 * Collects the values of one column of a record batch from their binary COPY form, a run of rows at a time: the loop
 * over the rows of one type is what the compiler makes fast.
 */
export type ColumnBuilder = {
  /** Takes all values of the places, or tells the first that cannot be taken. */
  append(wire: WireBytes, places: Places): Refusal | undefined;
  /** The batch. Its buffers are the builder's own: they are good until the next append, which starts a new batch. */
  take(): ColumnBuffers;
};

export type BuilderOptions = {
  /** For servers that store bytes without an encoding: every text is checked. */
  readonly checkUtf8: boolean;
  /** Values that Polars cannot hold become NULL, and this is told of each; without it they are refused. */
  readonly onUnfit?: () => void;
};

export function createColumnBuilder(
  postgresType: PostgresType,
  type: DataType,
  options: BuilderOptions,
): ColumnBuilder {
  if (postgresType.element !== undefined && type.kind === 'list')
    return createListBuilder(postgresType.element, type.inner, options);
  const format = wireFormatOf(postgresType);
  if (format === undefined) throw new FloeError('INTERNAL', `no decoder for ${postgresType.name}`);
  if (format === 'bool') return new BooleanBuilder();
  if (format === 'numeric' && type.kind === 'decimal')
    return new FixedBuilder({ width: 16, loop: numericLoop(type.scale) }, options);
  const fixed = fixedLoop(format);
  if (fixed !== undefined) return new FixedBuilder(fixed, options);
  return new ViewBuilder(format, options);
}

/** One builder for each dimension: an array of two is a list of lists. */
function createListBuilder(
  element: PostgresType,
  inner: DataType,
  options: BuilderOptions,
): ColumnBuilder {
  let dimensions = 1;
  let innermost = inner;
  while (innermost.kind === 'list') {
    innermost = innermost.inner;
    dimensions += 1;
  }
  return new ListBuilder(createColumnBuilder(element, innermost, options), dimensions, options);
}
