/** How many rows a step makes, where that follows from the rows of its inputs, without executing anything. */
import type { FrameNode } from '@floe/expression';
import { isPlainRead } from './counts-by-look.ts';
import type { StageInput, StageStep } from './stage-step.ts';

type RowsOf = (input: StageInput) => number | undefined;

/** Undefined where the values decide. */
export function rowsThatFollow({ plan, inputs }: StageStep, rowsOf: RowsOf): number | undefined {
  const rows: (number | undefined)[] = [];
  for (const node of plan.nodes)
    rows.push(
      node.op === 'input'
        ? Object.hasOwn(inputs, node.name)
          ? rowsOf(inputs[node.name]!)
          : undefined
        : rowsOfNode(node, (index) => rows[index]),
    );
  return rows[plan.output];
}

type Inner = Exclude<FrameNode, { readonly op: 'input' }>;

function rowsOfNode(
  node: Inner,
  rowsAt: (index: number) => number | undefined,
): number | undefined {
  switch (node.op) {
    case 'slice':
      return mapKnown(rowsAt(node.input), (rows) => rowsOfSlice(rows, node));
    case 'tail':
      return mapKnown(rowsAt(node.input), (rows) => Math.min(rows, node.length));
    case 'unpivot':
      return mapKnown(rowsAt(node.input), (rows) => timesKnown(rows, node.on?.length));
    case 'concat':
      return node.how === 'horizontal' ? undefined : sumKnown(node.inputs.map(rowsAt));
    case 'join_asof':
      return rowsAt(node.left);
    case 'join':
      return node.how === 'left' && isRightUnique(node.validate) ? rowsAt(node.left) : undefined;
    default:
      return keepsRows(node) ? rowsAt(node.input) : undefined;
  }
}

/** Polars fails when the keys of the right side are not unique. */
const isRightUnique = (validate: string) => validate === 'm:1' || validate === '1:1';

function rowsOfSlice(
  rows: number,
  { offset, length }: { readonly offset: number; readonly length: number },
): number {
  const from = offset < 0 ? offset + rows : offset;
  const within = (at: number) => Math.max(0, Math.min(at, rows));
  return within(from + length) - within(from);
}

function mapKnown(
  rows: number | undefined,
  map: (rows: number) => number | undefined,
): number | undefined {
  return rows === undefined ? undefined : map(rows);
}

/** Of no column or of all but some: only Polars knows how many these are. */
function timesKnown(rows: number, columns: number | undefined): number | undefined {
  return columns === undefined || columns === 0 ? undefined : rows * columns;
}

function sumKnown(all: readonly (number | undefined)[]): number | undefined {
  return all.reduce<number | undefined>(
    (sum, rows) => (sum === undefined || rows === undefined ? undefined : sum + rows),
    0,
  );
}

/** The input of which the step makes one row for each; undefined where that is not certain. */
export function keptInput({ plan, inputs }: StageStep): StageInput | undefined {
  let node = plan.nodes[plan.output];
  while (node !== undefined && node.op !== 'input' && keepsRows(node))
    node = plan.nodes[node.input];
  if (node?.op !== 'input' || !Object.hasOwn(inputs, node.name)) return undefined;
  return inputs[node.name];
}

type Keeping = Extract<
  FrameNode,
  {
    readonly op: 'with_columns' | 'rename' | 'sort' | 'reverse' | 'with_row_index' | 'select';
  }
>;

const KEEPING = ['with_columns', 'rename', 'sort', 'reverse', 'with_row_index'];

/** A selection of sums or literals alone would make one row. */
function keepsRows(node: FrameNode): node is Keeping {
  if (node.op === 'select') return isPlainRead(node.expressions);
  return KEEPING.includes(node.op);
}
