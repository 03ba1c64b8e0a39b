import { partsOf } from '../../bind/substitute.ts';
import type { Syntax } from '../../syntax/syntax.ts';

/** Nodes of one expression. Operands that a template has twice make nested ones grow without bound. */
const MAX_NODES = 20_000;

/** Whether the expression, with all that it has more than once, is of a size that a person could have meant. */
export function isWithinSize(syntax: Syntax): boolean {
  return sizeOf(syntax, new Map()) <= MAX_NODES;
}

/** Each node is counted once and added as often as it stands somewhere. */
function sizeOf(syntax: Syntax, known: Map<Syntax, number>): number {
  const counted = known.get(syntax);
  if (counted !== undefined) return counted;
  const size = partsOf(syntax).reduce((sum, part) => sum + sizeOf(part, known), 1);
  known.set(syntax, size);
  return size;
}
