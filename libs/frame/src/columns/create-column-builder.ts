import { FloeError } from '@floe/errors';
import type { DataType } from '@floe/expression';
import { type PostgresType, wireFormatOf } from '../copy/postgres-types.ts';
import { BooleanBuilder } from './boolean-builder.ts';
import { FixedBuilder } from './fixed-builder.ts';
import { fixedLoop } from './fixed-loops.ts';
import { ListBuilder } from './list-builder.ts';
import { numericLoop } from './numeric-loop.ts';
import { ViewBuilder } from './view-builder.ts';
import type { ColumnBuilder, BuilderOptions } from './column-builder.ts';

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
