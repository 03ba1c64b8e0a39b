import { assert, nearestName } from '@floe/errors';
import { findExpression } from '../catalogue/catalogue.ts';
import { renamed } from '../catalogue/names.ts';
import type { Entry, Parameter, Role } from '../catalogue/signature.ts';
import type { DataType } from '../data-type.ts';
import type { Expression, Literal } from '../program.ts';
import {
  BINARY,
  BOOLEAN,
  DATE,
  NULL,
  STRING,
  TIME,
  UNKNOWN,
  datetime,
  duration,
  list,
} from '../types/kinds.ts';
import {
  DYNAMIC_FLOAT,
  INTEGER_PARAMETER,
  dynamicInteger,
  settled,
  supertype,
  typed,
  type Typed,
} from '../types/supertype.ts';
import { indirect, mergeEdges, stepped, type Edge } from './edges.ts';
import {
  analyseElement,
  analyseField,
  fieldOutputs,
  isFieldChoice,
  memberOf,
} from './analyse-members.ts';
import { analyseColumns } from './analyse-columns.ts';
import { typeOf, type Call, type Row, type RowOperand } from './type-call.ts';
import type { Output, ExpressionContext } from './expression-context.ts';

/** The columns that an expression gives on a frame; null when a problem was reported. */
export function analyseExpression(
  expression: Expression,
  context: ExpressionContext,
): readonly Output[] | null {
  switch (expression.kind) {
    case 'literal':
      return [constantOutput(literalType(expression.literal))];
    case 'parameter':
      return analyseParameter(expression, context);
    case 'columns':
      return analyseColumns(expression.selector, context);
    case 'element':
      return analyseElement(expression.span, context);
    case 'field':
      return analyseField(expression, context);
    case 'list':
      return analyseList(expression.items, context);
    case 'call':
      return analyseCall(expression, context);
  }
}

const constantOutput = (value: Typed): Output => ({
  name: 'literal',
  root: null,
  value,
  isScalar: true,
  edges: [],
});

function literalType(literal: Literal): Typed {
  switch (literal.kind) {
    case 'integer':
      return dynamicInteger(BigInt(literal.value));
    case 'float':
      return DYNAMIC_FLOAT;
    case 'null':
      return typed(NULL);
    case 'boolean':
      return typed(BOOLEAN);
    case 'string':
      return typed(STRING);
    case 'binary':
      return typed(BINARY);
    case 'time':
      return typed(TIME);
    case 'date':
      return typed(DATE);
    case 'datetime':
      return typed(datetime('us', literal.timezone));
    case 'duration':
      return typed(duration('us'));
  }
}

function analyseParameter(
  { name, span }: Extract<Expression, { kind: 'parameter' }>,
  { parameters, problems }: ExpressionContext,
): readonly Output[] | null {
  if (parameters === undefined) return [constantOutput(typed(UNKNOWN))];
  const type = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (type !== undefined) return [constantOutput(parameterType(type))];
  const near = nearestName(name, Object.keys(parameters));
  const hint = near ? `did you mean params.${near}?` : 'declare it under `params` of the workflow';
  problems.add(span, `there is no parameter "${name}"`, hint);
  return null;
}

/** Parameters are bound as literals, so numbers adapt to what they meet. */
function parameterType(type: DataType): Typed {
  if (type.kind === 'int64' || type.kind === 'int32') return INTEGER_PARAMETER;
  return type.kind === 'float64' ? DYNAMIC_FLOAT : typed(type);
}

function analyseList(
  items: readonly Expression[],
  context: ExpressionContext,
): readonly Output[] | null {
  const outputs = items.map((item) => analyseExpression(item, context));
  const found = outputs.filter((output) => output !== null).flat();
  if (outputs.includes(null)) return null;
  let inner: Typed | undefined;
  for (const { value } of found) inner = inner === undefined ? value : meet(inner, value);
  const edges = mergeEdges(...found.map((output) => output.edges));
  const isScalar = found.every((output) => output.isScalar);
  return [
    {
      name: found[0]?.name ?? 'literal',
      root: null,
      value: typed(list(inner ? settled(inner) : UNKNOWN)),
      isScalar,
      edges,
    },
  ];
}

function meet(a: Typed, b: Typed): Typed {
  return typed(supertype(a, b) ?? UNKNOWN);
}

type Operand = { readonly parameter: Parameter | null; readonly outputs: readonly Output[] };

function analyseCall(call: Call, context: ExpressionContext): readonly Output[] | null {
  const entry = findExpression(call.method);
  assert(entry, `the catalogue has ${call.method}`);
  const operands = operandsOf(call, entry, context);
  if (operands === null) return null;
  if (isFieldChoice(call.method)) return fieldOutputs(call, operands[0]?.outputs ?? [], context);
  const widths = operands.filter(({ parameter }) => !parameter?.isVariadic && !parameter?.isMany);
  const width = Math.max(1, ...widths.map(({ outputs }) => outputs.length));
  if (widths.some(({ outputs }) => outputs.length === 0)) return [];
  if (widths.some(({ outputs }) => outputs.length !== 1 && outputs.length !== width)) {
    context.problems.add(
      call.nameSpan,
      'the two sides choose different numbers of columns',
      'choose as many columns on both sides, or one',
    );
    return null;
  }
  const rows = Array.from({ length: width }, (_, index) => rowOf(operands, index));
  return rows.map((row) => analyseRow({ call, entry, row, context }));
}

function operandsOf(
  call: Call,
  entry: Entry,
  context: ExpressionContext,
): readonly Operand[] | null {
  const operands: Operand[] = [];
  let isComplete = true;
  const add = (parameter: Parameter | null, items: readonly Expression[]): void => {
    const inner = contextOf(parameter, operands[0]?.outputs[0], context);
    const outputs = items.map((item) => analyseExpression(item, inner));
    if (outputs.includes(null)) isComplete = false;
    operands.push({ parameter, outputs: outputs.filter((output) => output !== null).flat() });
  };
  if (call.receiver !== null) add(null, [call.receiver]);
  for (const parameter of entry.parameters) {
    const argument = call.arguments[parameter.name];
    if (argument?.kind === 'expressions') add(parameter, argument.items);
  }
  return isComplete ? operands : null;
}

/** Within an expression over members or fields, these have names of their own. */
function contextOf(
  parameter: Parameter | null,
  receiver: Output | undefined,
  context: ExpressionContext,
): ExpressionContext {
  if (receiver === undefined) return context;
  if (parameter?.accepts === 'members') return { ...context, element: memberOf(receiver) };
  return parameter?.accepts === 'fields' ? { ...context, struct: receiver } : context;
}

/** The operands of the n-th column: those of width one take part in each. */
function rowOf(operands: readonly Operand[], index: number): readonly RowOperand[] {
  return operands.flatMap(({ parameter, outputs }) => {
    const isShared = parameter?.isVariadic || parameter?.isMany;
    const taken = isShared ? outputs : [outputs[outputs.length === 1 ? 0 : index]];
    return taken.flatMap((output) => (output === undefined ? [] : [{ parameter, output }]));
  });
}

function analyseRow({ call, entry, row, context }: Row): Output {
  const named = row.find(({ parameter }) => parameter?.name === entry.namedAfter) ?? row[0];
  const operandNames = row.map(({ output }) => ({
    name: output.name,
    isLiteral: output.isScalar && output.root === null,
  }));
  const own = entry.nameOf?.(operandNames) ?? entry.outputName ?? named?.output.name ?? 'literal';
  const root = named?.output.root ?? null;
  const renaming = renamed({ method: call.method, name: own, root, ...textsOf(call) });
  if (renaming === null && call.method === 'name.replace') reportPattern(call, context);
  const name = renaming ?? own;
  const first = row[0]?.output;
  const isRenaming = entry.lineage === 'identity' && first !== undefined;
  const value = isRenaming ? first.value : typed(typeOf({ call, entry, row, context }));
  return { name, root, value, isScalar: isScalar(entry, row), edges: edgesOf(entry, row) };
}

function textsOf({ arguments: given }: Call): { texts: readonly string[]; isLiteral: boolean } {
  const constants = Object.values(given).flatMap((argument) =>
    argument.kind === 'constants' ? argument.items : [],
  );
  const literals = constants.flatMap((each) => (each.kind === 'literal' ? [each.literal] : []));
  const texts = literals.flatMap((each) => (each.kind === 'string' ? [each.value] : []));
  return { texts, isLiteral: literals.some((each) => each.kind === 'boolean' && each.value) };
}

function reportPattern({ nameSpan }: Call, { problems }: ExpressionContext): void {
  problems.add(
    nameSpan,
    '`name.replace` with a pattern is not supported: the names must be known before the run',
    'give plain text, with literal=True where it has special characters',
  );
}

function isScalar(entry: Entry, row: readonly RowOperand[]): boolean {
  if (entry.shape === 'aggregate') return true;
  return entry.shape === 'elementwise' && row.every(({ output }) => output.isScalar);
}

function edgesOf(entry: Entry, row: readonly RowOperand[]): readonly Edge[] {
  const isAggregate = entry.shape === 'aggregate';
  const groups = row.map(({ parameter, output }) => {
    const role: Role = parameter?.role ?? 'value';
    return stepped(output.edges, { lineage: entry.lineage, isAggregate, role });
  });
  const deciding = entry.isDeciding ? indirect(row[0]?.output.edges ?? [], 'condition') : [];
  return mergeEdges(...groups, deciding);
}
