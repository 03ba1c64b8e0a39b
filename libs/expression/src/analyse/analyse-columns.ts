import type { Selector } from '../program.ts';
import { typed } from '../types/supertype.ts';
import type { ExpressionContext, Output } from './expression-context.ts';
import { requireColumn, type FrameState } from './frame-state.ts';
import { selectColumns } from './select-columns.ts';

/** The columns that a selector chooses, as outputs; null when one that it names is not there. */
export function analyseColumns(
  selector: Selector,
  context: ExpressionContext,
): readonly Output[] | null {
  const { frame, problems, hidden } = context;
  if (selector.kind !== 'names' || selector.isLenient) {
    if (!hasRequired(selector, context)) return null;
    return selectColumns(
      selector,
      frame.columns.filter(({ name }) => !hidden.has(name)),
    ).map(columnOutput);
  }
  const columns = selector.names.map((name) => requireColumn(frame, name, problems));
  const found = columns.filter((column) => column !== null);
  return found.length === columns.length ? found.map(columnOutput) : null;
}

/** Whether the columns are there that a choice names without leniency. */
function hasRequired(selector: Selector, context: ExpressionContext): boolean {
  if (selector.kind === 'combined')
    return hasRequired(selector.left, context) && hasRequired(selector.right, context);
  if (selector.kind !== 'names' || selector.isLenient) return true;
  const { frame, problems } = context;
  return selector.names.every((name) => requireColumn(frame, name, problems) !== null);
}

function columnOutput({ name, type, edges }: FrameState['columns'][number]): Output {
  return { name, root: name, value: typed(type), isScalar: false, edges };
}
