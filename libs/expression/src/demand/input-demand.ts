import { analyseProgram, type ProgramContext } from '../analyse/analyse-program.ts';
import type { FrameState } from '../analyse/frame-state.ts';
import { columnLineage } from '../column-lineage.ts';
import { collectProblems } from '../problems.ts';
import type { Expression, Frame, Program } from '../program.ts';
import { isRowWise } from './is-row-wise.ts';
import { losesRows } from './loses-rows.ts';
import { anyOf, impliedConditions, type RowCondition } from './row-condition.ts';

/** What a program wants of one of its inputs. */
export type InputDemand = {
  /** Columns without which its result could be another; in the order of the input. */
  readonly columns: readonly string[];
  /** What holds for all rows that it does not drop at once; empty where it looks at all of them. */
  readonly conditions: readonly RowCondition[];
};

/**
 * What the program wants of an input: the columns that have a part in the result by its lineage, and for safety those
 * whose name stands anywhere in the text. Throws as `checkProgram` does.
 */
export function inputDemand(
  program: Program,
  inputs: ProgramContext['inputs'],
  name: string,
): InputDemand {
  const { columns, dependencies } = columnLineage(program, inputs);
  const used = new Set(textsIn(program.statements));
  for (const edge of [...columns.flatMap(({ sources }) => sources), ...dependencies]) {
    if (edge.input === name) used.add(edge.column);
  }
  const known = inputs[name] ?? [];
  const wanted = known.filter((column) => used.has(column.name));
  const narrowed = { ...inputs, [name]: wanted };
  const isEnough =
    !countsColumns(program) &&
    !losesRows(program, narrowed) &&
    givesSame(program, inputs, narrowed);
  return {
    columns: (isEnough ? wanted : known).map((column) => column.name),
    conditions: anyOf(filtersAt(program, name)),
  };
}

/** Whether columns are chosen by their place, which is another when some before it are gone. */
function countsColumns({ statements }: Program): boolean {
  return JSON.stringify(statements).includes('"kind":"places"');
}

/** Whether the result has the same columns: a join names them after what the other side has. */
function givesSame(
  program: Program,
  inputs: ProgramContext['inputs'],
  narrowed: ProgramContext['inputs'],
): boolean {
  const problems = collectProblems(program.text, program.language);
  const wanted = analyseProgram(program, { inputs }, problems);
  const found = analyseProgram(program, { inputs: narrowed }, problems);
  const spell = ({ columns }: FrameState): string =>
    JSON.stringify(columns.map(({ name, type }) => [name, type]));
  return !problems.hasAny() && spell(wanted) === spell(found);
}

/** Every text in a tree, whatever it is there for. */
function* textsIn(node: unknown): Generator<string> {
  if (typeof node === 'string') yield node;
  else if (Array.isArray(node)) for (const each of node) yield* textsIn(each);
  else if (typeof node === 'object' && node !== null) yield* textsIn(Object.values(node));
}

type Operation = Extract<Frame, { kind: 'operation' }>;

/** For each place where the input stands in the program, what the filters right behind it imply. */
function filtersAt({ statements }: Program, name: string): readonly (readonly RowCondition[])[] {
  const found: (readonly RowCondition[])[] = [];
  /** `filters` stand behind the frame, the nearest first. */
  const visit = (frame: Frame, filters: readonly Operation[]): void => {
    if (frame.kind === 'input' && frame.name === name) found.push(impliedByChain(filters));
    if (frame.kind !== 'operation') return;
    const isFilter = frame.method === 'filter';
    if (frame.input !== null) visit(frame.input, isFilter ? [frame, ...filters] : []);
    for (const argument of Object.values(frame.arguments)) {
      if (argument.kind === 'frames') argument.items.forEach((item) => visit(item, []));
    }
  };
  for (const { frame } of statements) visit(frame, []);
  // An input that the program does not mention gives it no rows, but nothing says which.
  return found.length === 0 ? [[]] : found;
}

/** Up to the first filter that looks at other rows too: with fewer of them it would choose others. */
function impliedByChain(filters: readonly Operation[]): readonly RowCondition[] {
  const end = filters.findIndex((filter) => !predicates(filter).every((each) => isRowWise(each)));
  const chain = end === -1 ? filters : filters.slice(0, end);
  return chain.flatMap((filter) => predicates(filter).flatMap(impliedConditions));
}

function predicates({ arguments: given }: Operation): readonly Expression[] {
  return Object.values(given).flatMap((argument) =>
    argument.kind === 'expressions' ? argument.items : [],
  );
}
