import { analyseProgram, type ProgramContext } from './analyse/analyse-program.ts';
import type { Edge } from './analyse/edges.ts';
import { collectProblems } from './problems.ts';
import type { Program } from './program.ts';

/** Where each column of a result comes from, after the model of OpenLineage's column lineage facet. */
export type ColumnLineage = {
  readonly columns: readonly {
    readonly name: string;
    /** Empty: the column comes from no column, like a literal or a number of rows. */
    readonly sources: readonly Edge[];
  }[];
  /** What the rows as a whole depend on: filters, keys of joins and groups, order. Never `value`. */
  readonly dependencies: readonly Edge[];
  /** The inputs that have a part in the result, also where no column of them does. */
  readonly inputs: readonly string[];
};

/** The lineage of the program's result on inputs of these schemas. Throws as `checkProgram` does. */
export function columnLineage(program: Program, inputs: ProgramContext['inputs']): ColumnLineage {
  const problems = collectProblems(program.text, program.language);
  const { columns, dependencies, inputs: used } = analyseProgram(program, { inputs }, problems);
  problems.throwIfAny();
  return {
    columns: columns.map(({ name, edges }) => ({ name, sources: edges })),
    dependencies,
    inputs: used,
  };
}
