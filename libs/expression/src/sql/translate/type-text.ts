import type { DataType } from '../../data-type.ts';
import { formatDataType } from '../../format-data-type.ts';

/** A type as it stands in Polars' text. */
export function typeText(type: DataType): string {
  if (type.kind === 'list') return `pl.List(${typeText(type.inner)})`;
  if (type.kind === 'datetime') return `pl.Datetime("${type.unit}")`;
  return `pl.${formatDataType(type)}`;
}
