/**
 * Polars expressions that each say one thing of the rows of a task's input, by name: `{ late: pl.len() }`. They are
 * computed together, as one row.
 */
import {
  checkProgram,
  columnLineage,
  type DataType,
  inputDemand,
  type InputDemand,
  parseProgram,
  type Program,
  type Schema,
} from '@floe/expression';
import { FloeError } from '@floe/errors';
import type { SchemaContext } from '@floe/workflow';
import { parameterTypes } from '../parameter-types.ts';

/** The name that the rows have in the programs. */
export const ROWS = 'rows';

/** By the name of the measure. */
export type Measures = Readonly<Record<string, string>>;

/** Throws EXPRESSION_INVALID. `cast`: the Polars type that all of them are to have. */
export function measureProgram(measures: Measures, cast?: string): Program {
  const columns = Object.entries(measures).map(([name, text]) => {
    // On lines of their own, so that a comment ends before the parenthesis.
    const value = cast === undefined ? `(\n${text}\n)` : `(\n${text}\n).cast(${cast})`;
    return `${value}.alias(${JSON.stringify(name)})`;
  });
  return parseProgram(`${ROWS}.select(${columns.join(',\n')})`, { inputs: [ROWS] });
}

export type MeasureCheck = Pick<SchemaContext<unknown>, 'inputs' | 'params'> & {
  /** The field of the document that holds them. */
  readonly field: string;
  readonly fits: (type: DataType) => boolean;
  /** What a type that does not fit should be, in words. */
  readonly wanted: string;
};

/** Throws EXPRESSION_INVALID with a violation of the measure that is wrong. */
export function checkMeasures(measures: Measures, check: MeasureCheck): void {
  for (const [name, text] of Object.entries(measures)) {
    const field = `${check.field}.${name}`;
    try {
      checkMeasure({ [name]: text }, check);
    } catch (thrown) {
      throw inMeasure(thrown, field);
    }
  }
}

function checkMeasure(measure: Measures, { inputs, params, fits, wanted }: MeasureCheck): void {
  const program = measureProgram(measure);
  const [schema] = inputs.values();
  if (schema === undefined) return;
  const context = { inputs: { [ROWS]: schema }, parameters: parameterTypes(params) };
  const [column, ...others] = checkProgram(program, context);
  if (others.length > 0 || column === undefined) throw invalid('it is not one expression');
  if (!fits(column.type)) throw invalid(`it gives ${column.type.kind}, not ${wanted}`);
}

function invalid(message: string): FloeError {
  return new FloeError('EXPRESSION_INVALID', message, { violations: [{ field: '', message }] });
}

/** The program was made from the measure, so that places in it mean nothing to people: its name is the place. */
function inMeasure(thrown: unknown, field: string): unknown {
  if (!(thrown instanceof FloeError) || thrown.violations.length === 0) return thrown;
  const violations = thrown.violations.map(({ message, hint }) => ({
    field,
    message,
    ...(hint !== undefined && { hint }),
  }));
  return new FloeError(thrown.code, thrown.message, { cause: thrown, violations });
}

/** What the measures want of the input; undefined where its columns are not known. */
export function measureDemand(
  measures: Measures,
  inputs: ReadonlyMap<string, Schema | undefined>,
): ReadonlyMap<string, InputDemand> | undefined {
  const [entry] = inputs;
  if (entry?.[1] === undefined) return undefined;
  const demand = inputDemand(measureProgram(measures), { [ROWS]: entry[1] }, ROWS);
  return new Map([[entry[0], demand]]);
}

/** The measures whose value is made of values of one of these columns. */
export function measuresOf(
  measures: Measures,
  schema: Schema,
  isWanted: (column: string) => boolean,
): ReadonlySet<string> {
  const { columns } = columnLineage(measureProgram(measures), { [ROWS]: schema });
  const found = columns.filter(({ sources }) =>
    sources.some(({ column, how }) => how === 'value' && isWanted(column)),
  );
  return new Set(found.map(({ name }) => name));
}
