import type { Json } from '../json.ts';
import { binary, cast, func, stringLiteral, ternary } from '../lower/shapes.ts';
import { dataTypeJson } from '../lower/data-type-json.ts';
import { BOOLEAN, FLOAT64, UINT32, UNKNOWN, list } from '../types/kinds.ts';
import { settled, supertype, typed } from '../types/supertype.ts';
import { intervalJson } from './interval.ts';
import {
  choice,
  column,
  columns,
  flag,
  interval,
  keyword,
  many,
  nullable,
  number,
  optional,
  text,
  value,
} from './parameters.ts';
import { apply, elementwise, rustName } from './rows.ts';
import type { Entry, LowerCall, Parameter, TypeRule } from './signature.ts';
import { always, common, onNumber, onReal, same, toFloat } from './type-rules.ts';

const OLD: Parameter = { name: 'old', accepts: 'literals', isMany: true };
const NEW: Parameter = { name: 'new', accepts: 'literals' };
const RETURN_TYPE = keyword(optional({ name: 'return_dtype', accepts: 'type' }));

/** The values of `new`: of the members, when it is a list. */
const replaced = (call: Parameters<TypeRule>[0]) => {
  const given = call.operand('new');
  return given?.type.kind === 'list' ? typed(given.type.inner) : given;
};

const REPLACING: readonly Entry[] = [
  elementwise('replace', {
    summary: 'Values replaced by others; what is not named stays. A mapping {old: new} will do.',
    parameters: [OLD, NEW],
    type: same,
    lower: ({ receiver, expression }) =>
      func([receiver, expression('old'), expression('new')], 'Replace'),
  }),
  elementwise('replace_strict', {
    summary: 'All values replaced; one that is not named is an error, unless there is a default.',
    isDeciding: true,
    parameters: [OLD, NEW, optional(keyword(value('default'))), RETURN_TYPE],
    type: (call) => {
      const dtype = call.type('return_dtype');
      const given = replaced(call);
      if (dtype !== undefined) return dtype;
      if (given === undefined) return UNKNOWN;
      const rest = call.operand('default');
      return rest === undefined ? settled(given) : (supertype(given, rest) ?? UNKNOWN);
    },
    lower: ({ receiver, expression, has, typeOrNull }) => {
      const type = typeOrNull('return_dtype');
      const literal = type === null ? null : { Literal: dataTypeJson(type) };
      const rest = has('default') ? [expression('default')] : [];
      return func([receiver, expression('old'), expression('new'), ...rest], {
        ReplaceStrict: { return_dtype: literal },
      });
    },
  }),
  elementwise('cut', {
    summary: 'The interval between breaks in which the value lies.',
    parameters: [
      many(number('breaks')),
      keyword(optional(many(text('labels')))),
      keyword(flag('left_closed', false)),
      keyword(choiceOfFalse('include_breaks')),
    ],
    type: onNumber(() => ({ kind: 'categorical' })),
    rewrittenAs: 'pl.when over the breaks, cast to Categorical',
    lower: (call) => cast(cutInto(call), { kind: 'categorical' }),
  }),
];

/** An option that is known, of which only False can be had. */
function choiceOfFalse(name: string): Parameter {
  return { ...flag(name, false), isOnlyFallback: true };
}

function cutInto({ receiver, numbers, texts, flag: of }: LowerCall): Json {
  const breaks = numbers('breaks');
  const isLeftClosed = of('left_closed');
  const given = texts('labels');
  const labels = given.length > 0 ? given : intervalNames(breaks, isLeftClosed);
  const rest = stringLiteral(labels.at(-1) ?? '');
  const inner = breaks.reduceRight((after: Json, edge, index) => {
    const isBelow = binary(receiver, isLeftClosed ? 'Lt' : 'LtEq', floatNumber(edge));
    return ternary(isBelow, stringLiteral(labels[index] ?? ''), after);
  }, rest);
  const isMissing = func([receiver], { Boolean: 'IsNull' });
  // The first branch gives the result its name: of nulls it is the receiver itself.
  return ternary(isMissing, cast(receiver, { kind: 'string' }), inner);
}

const floatNumber = (edge: number): Json => ({ Literal: { Dyn: { Float: edge } } });

function intervalNames(breaks: readonly number[], isLeftClosed: boolean): readonly string[] {
  const edges = ['-inf', ...breaks.map(String), 'inf'];
  return edges
    .slice(1)
    .map((high, index) =>
      isLeftClosed ? `[${edges[index]}, ${high})` : `(${edges[index]}, ${high}]`,
    );
}

const COMPARING: readonly Entry[] = [
  elementwise('is_close', {
    summary: 'Whether two numbers are equal within a tolerance.',
    parameters: [
      value('other'),
      keyword(number('abs_tol', 0)),
      keyword(number('rel_tol', 1e-9)),
      keyword(flag('nans_equal', false)),
    ],
    type: onNumber(BOOLEAN),
    rewrittenAs: 'the difference compared with the tolerances',
    lower: ({ receiver, expression, number: of, flag: is }) => {
      const other = expression('other');
      const size = (each: Json): Json => func([cast(each, FLOAT64)], 'Abs');
      const distance = func(
        [binary(cast(receiver, FLOAT64), 'Minus', cast(other, FLOAT64))],
        'Abs',
      );
      const largest = func([size(receiver), size(other)], 'MaxHorizontal');
      const relative = binary(largest, 'Multiply', floatNumber(of('rel_tol')));
      const tolerance = func([relative, floatNumber(of('abs_tol'))], 'MaxHorizontal');
      const isFinite = func([distance], { Boolean: 'IsFinite' });
      const isNear = binary(isFinite, 'And', binary(distance, 'LtEq', tolerance));
      const isSame = binary(receiver, 'Eq', other);
      const isNan = (each: Json): Json => func([cast(each, FLOAT64)], { Boolean: 'IsNan' });
      const bothNan = binary(isNan(receiver), 'And', isNan(other));
      const noNan = binary(
        func([isNan(receiver)], { Boolean: 'Not' }),
        'And',
        func([isNan(other)], { Boolean: 'Not' }),
      );
      const isClose = binary(noNan, 'And', binary(isSame, 'Or', isNear));
      return is('nans_equal') ? binary(bothNan, 'Or', isClose) : isClose;
    },
  }),
  elementwise('pl.arctan2', {
    summary: 'The angle of a point, in radians.',
    parameters: [column('y'), column('x')],
    type: onReal(toFloat),
    lower: apply('Atan2'),
  }),
  elementwise('pl.arctan2d', {
    summary: 'The angle of a point, in degrees.',
    parameters: [column('y'), column('x')],
    type: onReal(toFloat),
    lower: ({ operands }) => func([func(operands, 'Atan2')], { Trigonometry: 'Degrees' }),
  }),
];

const COUNTING: readonly Entry[] = [
  elementwise('value_counts', {
    summary: 'Each different value and how often it occurs, as a struct.',
    shape: 'resize',
    parameters: [
      keyword(flag('sort', false)),
      keyword(flag('parallel', false)),
      keyword(nullable(text('name'))),
      keyword(flag('normalize', false)),
    ],
    type: ({ operands: [first], names, constant }) => {
      const [name, normalize] = [constant('name'), constant('normalize')];
      if (first === undefined || normalize?.kind !== 'boolean') return UNKNOWN;
      const fallback = normalize.value ? 'proportion' : 'count';
      return {
        kind: 'struct',
        fields: [
          { name: names[0] ?? '', type: settled(first) },
          {
            name: name?.kind === 'string' ? name.value : fallback,
            type: normalize.value ? FLOAT64 : UINT32,
          },
        ],
      };
    },
    lower: ({ receiver, flag: of, isNull, text: name }) =>
      func([receiver], {
        ValueCounts: {
          sort: of('sort'),
          parallel: of('parallel'),
          name: isNull('name') ? (of('normalize') ? 'proportion' : 'count') : name('name'),
          normalize: of('normalize'),
        },
      }),
  }),
  elementwise('pl.arg_where', {
    summary: 'The places at which a condition holds.',
    shape: 'resize',
    lineage: 'masking',
    parameters: [column('condition')],
    type: always(UINT32),
    lower: apply('ArgWhere'),
  }),
  elementwise('pl.arg_sort_by', {
    summary: 'The places of the rows in an order.',
    shape: 'resize',
    lineage: 'masking',
    parameters: [
      columns('exprs'),
      keyword(many(flag('descending', false))),
      keyword(many(flag('nulls_last', false))),
      keyword(flag('multithreaded', true)),
      keyword(flag('maintain_order', false)),
    ],
    type: always(UINT32),
    lower: ({ expressions, flags, flag: of }) => {
      const by = expressions('exprs');
      const sort_options: Json = {
        descending: flags('descending', by.length),
        nulls_last: flags('nulls_last', by.length),
        multithreaded: true,
        maintain_order: of('maintain_order'),
        limit: null,
      };
      return { SortBy: { expr: placesOf(by[0] ?? 'Len'), by, sort_options } };
    },
  }),
];

/** 0, 1, 2 and so on under the name of an expression: the result is named after the first one. */
function placesOf(named: Json): Json {
  const test = (which: string): Json => func([named], { Boolean: which });
  const each = binary(test('IsNull'), 'Or', test('IsNotNull'));
  const count = func([each], { CumSum: { reverse: false } });
  return binary(count, 'Minus', { Literal: { Scalar: { UInt32: 1 } } });
}

const JOINED: readonly Entry[] = [
  elementwise('pl.concat_arr', {
    summary: 'Values side by side as one array.',
    parameters: [columns('exprs')],
    type: (call) => {
      const met = common()(call);
      const isPlain = call.operands.every(({ type }) => type.kind !== 'array');
      if (!('kind' in met) || !isPlain) return 'kind' in met ? UNKNOWN : met;
      return { kind: 'array', inner: met, width: call.operands.length };
    },
    lower: apply({ ArrayExpr: 'Concat' }),
  }),
  elementwise('pl.list', {
    summary: 'Values side by side as one list.',
    parameters: [columns('exprs')],
    type: (call) => {
      if (call.operands.some(({ type }) => type.kind === 'list')) return UNKNOWN;
      const met = common()(call);
      return 'kind' in met ? list(met) : met;
    },
    lower: apply({ ListExpr: 'Concat' }),
  }),
  elementwise('rolling', {
    summary: 'Computes the expression over a window of an index that is in order.',
    shape: 'window',
    parameters: [
      column('index_column', 'window'),
      keyword(interval('period')),
      keyword(nullable(interval('offset'))),
      keyword(choice('closed', ['left', 'right', 'both', 'none'], 'right')),
    ],
    type: same,
    lower: ({ receiver, expression, text: of, isNull }) => {
      const period = of('period');
      const offset = isNull('offset') ? negated(period) : of('offset');
      return {
        Rolling: {
          function: receiver,
          index_column: expression('index_column'),
          period: intervalJson(period),
          offset: intervalJson(offset),
          closed_window: rustName(of('closed')),
        },
      };
    },
  }),
];

const negated = (length: string): string =>
  length.startsWith('-') ? length.slice(1) : `-${length}`;

export const REPLACEMENTS: readonly Entry[] = [...REPLACING, ...COMPARING, ...COUNTING, ...JOINED];
