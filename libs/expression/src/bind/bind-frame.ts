import { nearestName } from '@floe/errors';
import { findFrameMethod, frameMethodNames, snakeCase } from '../catalogue/catalogue.ts';
import { AGGREGATION_PARAMETERS } from '../catalogue/frames.ts';
import { KNOWN_FRAME_METHODS } from '../catalogue/known-names.ts';
import type { Span } from '../problems.ts';
import type { Argument, Arguments, Expression, Frame } from '../program.ts';
import type { CallSyntax, Syntax } from '../syntax/syntax.ts';
import { bindArguments } from './bind-arguments.ts';
import { report, type Binder } from './binder.ts';

/** Methods that change nothing where everything is lazy anyway. */
const IDENTITIES: ReadonlySet<string> = new Set(['lazy', 'collect']);
/** `group_by(...).sum()` is `group_by(...).agg(pl.all().sum())`. */
const GROUP_SHORTHANDS: ReadonlySet<string> = new Set([
  'sum',
  'mean',
  'median',
  'min',
  'max',
  'first',
  'last',
  'n_unique',
]);

type Callee = Extract<Syntax, { kind: 'attribute' }>;

/** Gives a frame expression its meaning: an input, an earlier statement, or methods on them. */
export function bindFrame(binder: Binder, syntax: Syntax): Frame | null {
  const { span } = syntax;
  if (syntax.kind === 'name') return bindName(binder, syntax.name, span);
  if (syntax.kind === 'refused') return null;
  if (syntax.kind !== 'call' || syntax.callee.kind !== 'attribute') {
    return syntax.kind === 'call' && syntax.callee.kind === 'refused'
      ? null
      : reportNoFrame(binder, syntax);
  }
  const { callee } = syntax;
  const isPolars = callee.object.kind === 'name' && callee.object.name === 'pl';
  if (isPolars) return bindPolarsFunction(binder, syntax, callee);
  const group = groupOf(callee.object);
  if (group !== null) return bindAggregation(binder, { group, call: syntax, callee });
  return bindMethod(binder, syntax, callee);
}

function reportNoFrame(binder: Binder, { kind, span }: Syntax): null {
  const hint = `a frame is one of ${[...binder.frames.keys()].join(', ')}, or a method of one`;
  return report(binder, span, [
    kind === 'parameter' ? 'a parameter is not a frame' : 'a frame is expected here',
    hint,
  ]);
}

function bindName(binder: Binder, name: string, span: Span): Frame | null {
  const source = binder.frames.get(name);
  if (source?.kind === 'input') return { kind: 'input', name, span };
  if (source?.kind === 'statement') return { kind: 'statement', index: source.index, span };
  const names = [...binder.frames.keys()];
  const near = nearestName(name, names);
  const hint = near ? `did you mean ${near}?` : `the frames here are ${names.join(', ')}`;
  return report(binder, span, [`\`${name}\` is not a frame`, hint]);
}

function bindPolarsFunction(binder: Binder, call: CallSyntax, callee: Callee): Frame | null {
  if (callee.name === 'concat')
    return bindOperation(binder, { method: 'concat', input: null, call, callee });
  const isReader = callee.name.startsWith('read_') || callee.name.startsWith('scan_');
  const message = isReader
    ? `\`pl.${callee.name}\` is not supported here`
    : `\`pl.${callee.name}\` does not give a frame`;
  const hint = isReader ? 'read data in a task of its own and name it under `inputs`' : undefined;
  return report(binder, callee.nameSpan, [message, hint]);
}

type Operation = {
  readonly method: string;
  readonly input: Frame | null;
  readonly call: CallSyntax;
  readonly callee: Callee;
};

function bindOperation(binder: Binder, { method, input, call, callee }: Operation): Frame | null {
  const parameters = findFrameMethod(method)?.parameters ?? [];
  const owner = input === null ? `pl.${method}` : `.${method}`;
  const bound = bindArguments(binder, { owner, parameters, call, nameSpan: callee.nameSpan });
  return (
    bound && {
      kind: 'operation',
      method,
      input,
      arguments: bound,
      span: call.span,
      nameSpan: callee.nameSpan,
    }
  );
}

function bindMethod(binder: Binder, call: CallSyntax, callee: Callee): Frame | null {
  const input = binder.frame(callee.object);
  if (IDENTITIES.has(callee.name) && call.positional.length === 0) return input;
  const entry = findFrameMethod(callee.name);
  if (entry === undefined || entry.name === 'concat') return reportMethod(binder, callee);
  if (entry.name === 'group_by') {
    return report(binder, callee.nameSpan, [
      '`.group_by` needs `.agg`',
      'write .group_by("a").agg(pl.len())',
    ]);
  }
  const bound = bindOperation(binder, { method: entry.name, input, call, callee });
  return input && bound;
}

function reportMethod(binder: Binder, { name, nameSpan }: Callee): null {
  const near = nearestName(name, frameMethodNames());
  const nearHint = near ? `did you mean .${near}?` : undefined;
  if (name === 'pipe' || name === 'map_batches') {
    return report(binder, nameSpan, [
      `\`.${name}\` is not supported`,
      'no Python runs: use Polars expressions',
    ]);
  }
  const isKnown = KNOWN_FRAME_METHODS.has(snakeCase(name));
  const message = isKnown
    ? `\`.${name}\` of Polars is not supported yet`
    : `a frame has no method \`.${name}\``;
  return report(binder, nameSpan, [message, nearHint]);
}

/** The call of `group_by` that a method follows, if it does. */
function groupOf(syntax: Syntax): { readonly call: CallSyntax; readonly callee: Callee } | null {
  if (syntax.kind !== 'call' || syntax.callee.kind !== 'attribute') return null;
  const isGroup = syntax.callee.name === 'group_by' || syntax.callee.name === 'groupBy';
  return isGroup ? { call: syntax, callee: syntax.callee } : null;
}

type Aggregation = {
  readonly group: { readonly call: CallSyntax; readonly callee: Callee };
  readonly call: CallSyntax;
  readonly callee: Callee;
};

function bindAggregation(binder: Binder, { group, call, callee }: Aggregation): Frame | null {
  const input = binder.frame(group.callee.object);
  const grouping = bindOperation(binder, {
    method: 'group_by',
    input,
    call: group.call,
    callee: group.callee,
  });
  const aggregations = bindAggregations(binder, call, callee);
  if (input === null || grouping?.kind !== 'operation' || aggregations === null) return null;
  return { ...grouping, arguments: { ...grouping.arguments, ...aggregations }, span: call.span };
}

function bindAggregations(binder: Binder, call: CallSyntax, callee: Callee): Arguments | null {
  const { name, nameSpan } = callee;
  if (name === 'agg') {
    return bindArguments(binder, {
      owner: '.agg',
      parameters: AGGREGATION_PARAMETERS,
      call,
      nameSpan,
    });
  }
  const isShorthand = GROUP_SHORTHANDS.has(name) || name === 'len' || name === 'count';
  if (!isShorthand || call.positional.length > 0 || call.keywords.length > 0) {
    const message = KNOWN_FRAME_METHODS.has(snakeCase(name))
      ? `\`.group_by(...).${name}\` is not supported like this`
      : `groups have no method \`.${name}\``;
    return report(binder, nameSpan, [message, 'write .agg(...)']);
  }
  const argument: Argument = {
    kind: 'expressions',
    items: [shorthand(name, nameSpan)],
    span: nameSpan,
  };
  return { aggs: argument };
}

function shorthand(name: string, span: Span): Expression {
  const isCount = name === 'len' || name === 'count';
  const receiver: Expression | null = isCount
    ? null
    : { kind: 'columns', selector: { kind: 'all' }, span };
  return {
    kind: 'call',
    method: isCount ? 'pl.len' : name,
    receiver,
    arguments: {},
    span,
    nameSpan: span,
  };
}
