import type { DataType } from '@floe/expression';
import type { PreviewValue } from '@floe/frame/preview';

export type ColumnProfile = {
  readonly name: string;
  readonly type: DataType;
  readonly masked: boolean;
  readonly nulls?: number;
  readonly distinct?: number;
  /** Of several parts nobody has counted the distinct values together: as many as the richest part has. */
  readonly distinctAtLeast?: number;
  readonly min?: PreviewValue;
  readonly max?: PreviewValue;
  readonly mean?: PreviewValue;
};

export type DatasetProfile = {
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
  /** Rows that the statistics are of: the first so many, of each part. */
  readonly profiledRows: number;
  /** The first rows, values in the order of `columns`. */
  readonly preview: readonly (readonly PreviewValue[])[];
  /** Of a dataset of several parts: of how many this is, and how many there are. */
  readonly parts?: { readonly shown: number; readonly of: number };
};
