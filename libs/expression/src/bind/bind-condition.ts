import type { Expression } from '../program.ts';
import type { CallSyntax, Syntax } from '../syntax/syntax.ts';
import { bindConstraint } from './bind-arguments.ts';
import { report, type Binder } from './binder.ts';

type Branch = { readonly condition: Expression; readonly value: Expression };
type Link = { readonly name: string; readonly call: CallSyntax };

/**
 * `pl.when(a).then(b).when(c).then(d).otherwise(e)`: from the last call back to `pl.when`, then folded from the end
 * into conditions within each other.
 */
export function bindCondition(binder: Binder, call: CallSyntax): Expression | null {
  const links = linksOf(call);
  if (links === null) return reportForm(binder, call);
  const hasOtherwise = links.at(-1)?.name === 'otherwise';
  const steps = hasOtherwise ? links.slice(0, -1) : links;
  const branches: Branch[] = [];
  for (let index = 0; index < steps.length; index += 2) {
    const [when, then] = [steps[index], steps[index + 1]];
    if (when?.name !== 'when' || then?.name !== 'then') return reportForm(binder, call);
    const condition = bindPredicates(binder, when.call);
    const value = bindOnly(binder, then.call);
    if (condition === null || value === null) return null;
    branches.push({ condition, value });
  }
  const last = links.at(-1);
  const otherwise = hasOtherwise && last ? bindOnly(binder, last.call) : nothing(call);
  return (
    otherwise && branches.reduceRight((rest, branch) => ternary(branch, rest, call), otherwise)
  );
}

function reportForm(binder: Binder, call: CallSyntax): null {
  return report(binder, call.span, [
    'this condition is not complete',
    'write pl.when(condition).then(value).otherwise(other)',
  ]);
}

/** The calls of the chain in order of the text, or null when it does not start with `pl.when`. */
function linksOf(call: CallSyntax): readonly Link[] | null {
  const links: Link[] = [];
  let current: Syntax = call;
  while (current.kind === 'call' && current.callee.kind === 'attribute') {
    const { name, object }: { name: string; object: Syntax } = current.callee;
    if (name !== 'when' && name !== 'then' && name !== 'otherwise') return null;
    links.unshift({ name, call: current });
    if (object.kind === 'name') return object.name === 'pl' ? links : null;
    current = object;
  }
  return null;
}

/** Several conditions of one `when` hold together. */
function bindPredicates(binder: Binder, call: CallSyntax): Expression | null {
  const items = call.positional.flatMap((item) => (item.kind === 'list' ? item.items : [item]));
  const bound = [
    ...items.map((item) => binder.expression(item, 'column')),
    ...call.keywords.map((keyword) => bindConstraint(binder, keyword)),
  ];
  const [first, ...rest] = bound.filter((item) => item !== null);
  if (bound.includes(null)) return null;
  if (first === undefined) return report(binder, call.span, ['`when` needs a condition']);
  return rest.reduce((left, right) => conjunction(left, right), first);
}

function conjunction(receiver: Expression, other: Expression): Expression {
  const span = { from: receiver.span.from, to: other.span.to };
  const argument = { kind: 'expressions', items: [other], span: other.span } as const;
  return {
    kind: 'call',
    method: 'and_',
    receiver,
    arguments: { other: argument },
    span,
    nameSpan: other.span,
  };
}

function bindOnly(binder: Binder, call: CallSyntax): Expression | null {
  const [only] = call.positional;
  if (only === undefined || call.positional.length > 1 || call.keywords.length > 0) {
    return report(binder, call.span, ['one value is expected here']);
  }
  return binder.expression(only, 'column');
}

function nothing(call: CallSyntax): Expression {
  return { kind: 'literal', literal: { kind: 'null' }, span: call.span };
}

function ternary(
  { condition, value }: Branch,
  otherwise: Expression,
  { span }: CallSyntax,
): Expression {
  const argument = (item: Expression) =>
    ({ kind: 'expressions', items: [item], span: item.span }) as const;
  return {
    kind: 'call',
    method: 'pl.when',
    receiver: null,
    arguments: {
      condition: argument(condition),
      value: argument(value),
      otherwise: argument(otherwise),
    },
    span,
    nameSpan: span,
  };
}
