import type { ProgramContext } from '../analyse/analyse-program.ts';
import { collectProblems, placeOf } from '../problems.ts';
import { reportTooDeep } from '../lower/check-depth.ts';
import type { Program } from '../program.ts';
import type { SqlQuery } from './to-sql-plan.ts';
import { translateQuery, Unfollowed } from './translate/translate-query.ts';

/**
 * What is known of a query before it runs. As a program it has types and lineage, and runs as the same Polars would.
 * Otherwise Polars' own SQL runs it as it stands, and what it gives is known afterwards.
 */
export type SqlProgram =
  | { readonly kind: 'program'; readonly program: Program }
  | {
      readonly kind: 'opaque';
      /** What in the query has no counterpart, like `ARRAY[...]`. */
      readonly what: string;
      readonly line: number;
      readonly column: number;
    };

/** Throws FloeError EXPRESSION_INVALID for what is wrong with the query on inputs of these schemas. */
export function sqlProgram(query: SqlQuery, context: ProgramContext): SqlProgram {
  const { text, inputs, parameters, selection } = query;
  const problems = collectProblems(text, 'sql');
  try {
    const statements = translateQuery(selection, { ...context, problems });
    const program: Program = { text, inputs, statements, parameters, language: 'sql' };
    reportTooDeep(program, problems);
    problems.throwIfAny();
    return { kind: 'program', program };
  } catch (thrown) {
    if (!(thrown instanceof Unfollowed)) throw thrown;
    const { line, column } = placeOf(text, thrown.span);
    return { kind: 'opaque', what: thrown.message, line, column };
  }
}
