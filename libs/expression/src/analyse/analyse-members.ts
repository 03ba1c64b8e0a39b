import { nearestName } from '@floe/errors';
import type { Column } from '../data-type.ts';
import { formatDataType } from '../format-data-type.ts';
import type { Span } from '../problems.ts';
import type { Expression } from '../program.ts';
import { UNKNOWN, isOpen } from '../types/kinds.ts';
import { typed } from '../types/supertype.ts';
import type { ExpressionContext, Output } from './expression-context.ts';
import { stepped } from './edges.ts';

type Call = Extract<Expression, { kind: 'call' }>;

/** Lists and structs from the inside: their members and fields as outputs of their own. */

/** `pl.element()`: one member of the list or array, or of all values so far. */
export function memberOf({ value, edges }: Output): Output {
  const { type } = value;
  const inner = type.kind === 'list' || type.kind === 'array' ? typed(type.inner) : value;
  return { name: '', root: '', value: inner, isScalar: false, edges: transformed(edges) };
}

function transformed(edges: Output['edges']): Output['edges'] {
  return stepped(edges, { lineage: 'transformation', isAggregate: false, role: 'value' });
}

export function analyseElement(
  span: Span,
  { element, problems }: ExpressionContext,
): readonly Output[] | null {
  if (element !== undefined) return [element];
  problems.add(
    span,
    '`pl.element()` stands for a member of a list, and there is none here',
    'use it inside of .list.eval(...), .list.agg(...), .list.filter(...) or .cumulative_eval(...)',
  );
  return null;
}

export function analyseField(
  { name, span }: Extract<Expression, { kind: 'field' }>,
  { struct, problems }: ExpressionContext,
): readonly Output[] | null {
  if (struct === undefined) {
    problems.add(
      span,
      '`pl.field` names a field of a struct, and there is none here',
      'use it inside of .struct.with_fields(...), or .struct.field("a") elsewhere',
    );
    return null;
  }
  return fieldOf(struct, name, (problem, hint) => problems.add(span, problem, hint));
}

const FIELD_CHOICES = new Set(['struct.field', 'struct.unnest']);

/** Whether the outputs of a method are fields, under their own names. */
export function isFieldChoice(method: string): boolean {
  return FIELD_CHOICES.has(method);
}

export function fieldOutputs(
  call: Call,
  receivers: readonly Output[],
  { problems }: ExpressionContext,
): readonly Output[] | null {
  const outputs = receivers.flatMap((receiver) =>
    namesOf(call, receiver).map((name) =>
      fieldOf(receiver, name, (problem, hint) => problems.add(call.nameSpan, problem, hint)),
    ),
  );
  return outputs.includes(null) ? null : outputs.flatMap((each) => each ?? []);
}

function namesOf(call: Call, { value }: Output): readonly string[] {
  const argument = call.arguments['name'];
  const given = argument?.kind === 'constants' ? argument.items : [];
  const names = given.flatMap((each) =>
    each.kind === 'literal' && each.literal.kind === 'string' ? [each.literal.value] : [],
  );
  const isAll = call.method === 'struct.unnest' || names.includes('*');
  if (!isAll) return names;
  return value.type.kind === 'struct' ? value.type.fields.map(({ name }) => name) : [];
}

function fieldOf(
  { value, root, isScalar, edges }: Output,
  name: string,
  report: (problem: string, hint?: string) => void,
): readonly Output[] | null {
  const { type } = value;
  const output = (of: Column['type']): readonly Output[] => [
    { name, root, value: typed(of), isScalar, edges: transformed(edges) },
  ];
  if (isOpen(type)) return output(UNKNOWN);
  if (type.kind !== 'struct') {
    report(`a field needs a Struct column, not ${formatDataType(type)}`);
    return null;
  }
  const field = type.fields.find((each) => each.name === name);
  if (field !== undefined) return output(field.type);
  const names = type.fields.map((each) => each.name);
  const near = nearestName(name, names);
  report(
    `the struct has no field "${name}"`,
    `${near ? `did you mean "${near}"? ` : ''}its fields are ${names.join(', ')}`,
  );
  return null;
}
