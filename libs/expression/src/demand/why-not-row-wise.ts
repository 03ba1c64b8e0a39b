/**
 * Whether a program can run over parts of its input, each for itself, and give the rows that it gives of the whole.
 *
 *   R1. What is not known to look at each row alone does not: a method stands on a list, or it is refused.
 *   R2. The types of the result come from those of the input, never from values: parts have the same columns.
 *   R3. A step that makes one row of nothing would make one for each part.
 */
import { findExpression } from '../catalogue/catalogue.ts';
import type { ProgramContext } from '../analyse/analyse-program.ts';
import type { DataType } from '../data-type.ts';
import type { Argument, Expression, Frame, Program } from '../program.ts';
import {
  expressionsOf,
  isRowWise,
  isRowWiseMethod,
  operands,
  type ExpressionCall,
} from './is-row-wise.ts';
import { losesRows } from './loses-rows.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** Steps that take each row alone, where their expressions do. */
const STEPS = words(
  'filter select with_columns rename drop cast explode unnest fill_null drop_nulls',
);

/** Besides those that conditions may use. */
const METHODS = words(
  'alias fill_nan sqrt cbrt exp log log10 log1p sign sin cos tan arcsin arccos arctan cot sinh cosh tanh arcsinh ' +
    'arccosh arctanh degrees radians floor ceil round truncate round_sig_figs clip repeat_by is_close struct.field ' +
    'pl.lit pl.when pl.coalesce pl.concat_str pl.concat_list pl.struct pl.format pl.date pl.datetime pl.duration ' +
    'pl.time pl.sum_horizontal pl.mean_horizontal pl.min_horizontal pl.max_horizontal pl.all_horizontal ' +
    'pl.any_horizontal pl.arctan2',
);

/** Namespaces whose elementwise methods look at one value. */
const NAMESPACES = /^(?:str|dt|list|name|bin)\./;

/** R2: their types, or how texts are read, come from the values. */
const GUESSING = words(
  'str.json_decode str.to_decimal list.to_struct list.to_array name.prefix_fields name.suffix_fields',
);
const FORMATTED = words('str.to_date str.to_time str.to_datetime str.strptime');

/** Undefined when it can; else why not, for people. Throws as `checkProgram` does. */
export function whyNotRowWise(
  program: Program,
  inputs: ProgramContext['inputs'],
): string | undefined {
  const last = program.statements.at(-1);
  if (last === undefined) return 'it has no steps';
  const why = whyNotFrame(program, last.frame);
  if (why !== undefined) return why;
  return losesRows(program, inputs) ? 'a step leaves no columns' : undefined;
}

function whyNotFrame(program: Program, frame: Frame): string | undefined {
  switch (frame.kind) {
    case 'input':
      return undefined;
    case 'statement':
      return whyNotFrame(program, program.statements[frame.index]!.frame);
    case 'operation':
      return (
        whyNotStep(frame) ??
        (frame.input === null ? 'it has no input' : whyNotFrame(program, frame.input))
      );
  }
}

type Operation = Extract<Frame, { kind: 'operation' }>;

function whyNotStep({ method, arguments: given }: Operation): string | undefined {
  if (!STEPS.has(method)) return `${method} looks at more than one row`;
  const all = Object.values(given);
  if (all.some(({ kind }) => kind === 'frames')) return `${method} reads another frame`;
  if (all.flatMap(typesOf).some(isGuessed))
    return `${method} makes categories, which parts number apart`;
  if (method === 'fill_null' && hasText(given['strategy']))
    return 'fill_null by a strategy looks at other rows';
  const expressions = all.flatMap(expressionsOf);
  const odd = expressions.map(oddMethod).find((each) => each !== undefined);
  if (odd !== undefined)
    return `${odd} looks at more than one row, or its type comes from the values`;
  // R3
  const isBare = method === 'select' && !expressions.every(hasColumn);
  return isBare ? 'select makes a row without looking at any' : undefined;
}

/** The first method that is not known to look at one row alone. */
function oddMethod(expression: Expression): string | undefined {
  if (isRowWise(expression, isAllowed)) return undefined;
  if (expression.kind !== 'call') return 'it';
  const inside = operands(expression)
    .map(oddMethod)
    .find((each) => each !== undefined);
  return inside ?? expression.method;
}

function isAllowed(call: ExpressionCall): boolean {
  const { method, arguments: given } = call;
  if (Object.values(given).flatMap(typesOf).some(isGuessed)) return false;
  if (GUESSING.has(method)) return false;
  if (FORMATTED.has(method)) return hasText(given['format']);
  if (method === 'fill_null') return !hasText(given['strategy']);
  if (METHODS.has(method) || isRowWiseMethod(call)) return true;
  return NAMESPACES.test(method) && findExpression(method)?.shape === 'elementwise';
}

function hasText(argument: Argument | undefined): boolean {
  if (argument?.kind !== 'constants') return false;
  return argument.items.some((item) => item.kind === 'literal' && item.literal.kind === 'string');
}

function typesOf(argument: Argument): readonly DataType[] {
  if (argument.kind === 'type') return [argument.type];
  return argument.kind === 'types' ? argument.types.map(([, type]) => type) : [];
}

/** R2: which number a category has depends on what came before. */
function isGuessed(type: DataType): boolean {
  return JSON.stringify(type).includes('"categorical"');
}

function hasColumn(expression: Expression): boolean {
  if (expression.kind === 'columns') return true;
  return expression.kind === 'call' && operands(expression).some(hasColumn);
}
