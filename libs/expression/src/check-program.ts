import { analyseProgram, type ProgramContext } from './analyse/analyse-program.ts';
import type { Schema } from './data-type.ts';
import { collectProblems } from './problems.ts';
import type { Program } from './program.ts';

/**
 * The schema of the program's result on inputs of these schemas.
 *
 * Throws FloeError EXPRESSION_INVALID for unknown columns, types that do not go together and names that come twice,
 * each with its place, the nearest name and the columns known there.
 */
export function checkProgram(program: Program, context: ProgramContext): Schema {
  const problems = collectProblems(program.text, program.language);
  const { columns } = analyseProgram(program, context, problems);
  problems.throwIfAny();
  return columns.map(({ name, type }) => ({ name, type }));
}

/** Names of the workflow's parameters that the text mentions, each once, in order of the text. */
export function parametersOf(program: Program): readonly string[] {
  return program.parameters;
}
