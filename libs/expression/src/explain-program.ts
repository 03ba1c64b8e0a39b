import { analyseProgram, type ProgramContext } from './analyse/analyse-program.ts';
import type { FrameState } from './analyse/frame-state.ts';
import { collectProblems } from './problems.ts';
import type { Frame, Program } from './program.ts';

// A longer step is cut: its beginning says which it is.
const STEP_LENGTH_MAX = 160;
const LISTED_COLUMNS_MAX = 8;

/**
 * What the program does, a line for each step in the order of the text, with the columns that it leaves. For people: the
 * form may change.
 */
export function explainProgram(
  program: Program,
  inputs: ProgramContext['inputs'],
): readonly string[] {
  const states = new Map<Frame, FrameState>();
  const onFrame = (state: FrameState, frame: Frame) => void states.set(frame, state);
  analyseProgram(program, { inputs, onFrame }, collectProblems(program.text, program.language));
  const lines: string[] = [];
  for (const { name, frame } of program.statements) {
    const steps = stepsOf(frame);
    const start = steps[0]!;
    const head =
      start.kind === 'operation'
        ? textOf(program, start.nameSpan.from, start)
        : sourceOf(program, start);
    lines.push(`${name === null ? '' : `${name} = `}${head}${columnsAfter(states.get(start))}`);
    for (const step of steps.slice(1)) {
      const at = step.kind === 'operation' ? step.nameSpan.from : step.span.from;
      const dot = program.language === 'sql' ? '' : '.';
      lines.push(`  ${dot}${textOf(program, at, step)}${columnsAfter(states.get(step))}`);
    }
  }
  return lines;
}

/** The frame that a chain begins with, and the methods behind it. */
function stepsOf(frame: Frame): readonly Frame[] {
  const steps: Frame[] = [frame];
  for (let each = frame; each.kind === 'operation' && each.input !== null; each = each.input)
    steps.push(each.input);
  return steps.toReversed();
}

function sourceOf({ text }: Program, { span }: Frame): string {
  return text.slice(span.from, span.to);
}

function textOf({ text }: Program, from: number, { span }: Frame): string {
  const line = text.slice(from, span.to).replaceAll(/\s+/g, ' ');
  return line.length > STEP_LENGTH_MAX ? `${line.slice(0, STEP_LENGTH_MAX)}…` : line;
}

function columnsAfter(state: FrameState | undefined): string {
  if (state === undefined) return '';
  const names = state.columns.map(({ name }) => name);
  const listed = names.slice(0, LISTED_COLUMNS_MAX).join(', ');
  const rest = names.length - LISTED_COLUMNS_MAX;
  return `  → ${listed}${rest > 0 ? ` and ${rest} more` : ''}`;
}
