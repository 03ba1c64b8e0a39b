import type { Json } from '../json.ts';
import { func } from '../lower/shapes.ts';
import type { Entry, LineageClass, Parameter, Shape, TypeRule } from './signature.ts';

/** What a row of the catalogue says beyond its name; the rest is the same for its kind of row. */
export type Row = {
  readonly summary: string;
  readonly type: TypeRule;
  readonly lower: Entry['lower'];
  readonly parameters?: readonly Parameter[];
  readonly lineage?: LineageClass;
  readonly shape?: Shape;
  readonly outputName?: string;
  readonly nameOf?: Entry['nameOf'];
  readonly namedAfter?: string;
  readonly isDeciding?: true;
  readonly rewrittenAs?: string;
};

export const elementwise = (name: string, row: Row): Entry => ({
  name,
  parameters: [],
  shape: 'elementwise',
  lineage: 'transformation',
  ...row,
});

export const aggregate = (name: string, row: Row): Entry =>
  elementwise(name, { shape: 'aggregate', lineage: 'aggregation', ...row });

/** The function of this name in Polars, applied to the receiver and the expressions among the arguments. */
export const apply =
  (name: Json): Entry['lower'] =>
  ({ operands }) =>
    func(operands, name);

/** The member of an enumeration as Rust writes it: `half_to_even` is `HalfToEven`. */
export const rustName = (name: string): string =>
  name.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase());
