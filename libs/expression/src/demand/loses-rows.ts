import { analyseProgram, type ProgramContext } from '../analyse/analyse-program.ts';
import type { FrameState } from '../analyse/frame-state.ts';
import { collectProblems } from '../problems.ts';
import type { Program } from '../program.ts';

/** A frame without columns has no rows either, which the next step would see. */
export function losesRows(program: Program, inputs: ProgramContext['inputs']): boolean {
  let isEmpty = false;
  const onFrame = ({ columns }: FrameState) => {
    if (columns.length === 0) isEmpty = true;
  };
  analyseProgram(program, { inputs, onFrame }, collectProblems(program.text, program.language));
  return isEmpty;
}
