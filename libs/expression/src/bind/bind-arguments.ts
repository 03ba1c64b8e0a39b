import { nearestName } from '@floe/errors';
import { snakeCase } from '../catalogue/catalogue.ts';
import type { Parameter } from '../catalogue/signature.ts';
import type { Span } from '../problems.ts';
import type { Argument, Arguments, Expression } from '../program.ts';
import type { CallSyntax, KeywordSyntax, Syntax } from '../syntax/syntax.ts';
import { bindArgument } from './bind-argument.ts';
import { literalConstant } from './bind-constant.ts';
import { bindColumnName } from './bind-selector.ts';
import { report, type Binder } from './binder.ts';

export type CallToBind = {
  /** As it is named in messages: `.filter` or `pl.concat_str`. */
  readonly owner: string;
  readonly parameters: readonly Parameter[];
  readonly call: CallSyntax;
  readonly nameSpan: Span;
};

type Given = { readonly syntaxes: Syntax[]; readonly named: KeywordSyntax[] };

/** Matches the arguments of a call with the parameters of its catalogue entry, as Python would. */
export function bindArguments(binder: Binder, call: CallToBind): Arguments | null {
  const given = matchPositional(binder, call);
  if (given === null || !matchKeywords(binder, call, given)) return null;
  const bound: { [parameter: string]: Argument } = {};
  let isComplete = true;
  for (const parameter of call.parameters) {
    const argument = bindOne(binder, { call, parameter, given: given.get(parameter.name) });
    if (argument === null) isComplete = false;
    else if (argument !== undefined) bound[parameter.name] = argument;
  }
  return isComplete ? bound : null;
}

function matchPositional(
  binder: Binder,
  { owner, parameters, call }: CallToBind,
): Map<string, Given> | null {
  const given = new Map<string, Given>();
  const places = parameters.filter((parameter) => !parameter.isKeywordOnly);
  for (const [index, syntax] of call.positional.entries()) {
    const last = places.at(-1);
    const parameter = places[index] ?? (last?.isVariadic ? last : undefined);
    const variadic = places.slice(0, index + 1).find((place) => place.isVariadic);
    const target = variadic ?? parameter;
    if (target === undefined) {
      const allowed = places.length === 0 ? 'takes no arguments' : `takes at most ${places.length}`;
      return report(binder, syntax.span, [
        `\`${owner}\` ${allowed} by position`,
        keywordHint(parameters),
      ]);
    }
    const entry = given.get(target.name) ?? { syntaxes: [], named: [] };
    entry.syntaxes.push(syntax);
    given.set(target.name, entry);
  }
  return given;
}

function keywordHint(parameters: readonly Parameter[]): string | undefined {
  const names = parameters.filter((parameter) => parameter.isKeywordOnly).map(({ name }) => name);
  return names.length === 0 ? undefined : `write these by name: ${names.join(', ')}`;
}

function matchKeywords(
  binder: Binder,
  { owner, parameters, call }: CallToBind,
  given: Map<string, Given>,
): boolean {
  let isFine = true;
  const collector = parameters.find(({ isNamed, isConstraint }) => isNamed || isConstraint);
  for (const keyword of call.keywords) {
    const parameter = parameters.find(
      ({ name }) => name === keyword.name || name === snakeCase(keyword.name),
    );
    const target = parameter ?? collector;
    const isTaken = parameter !== undefined && given.has(parameter.name) && parameter !== collector;
    if (target === undefined || isTaken) {
      reportKeyword(binder, { owner, parameters, keyword, isTaken });
      isFine = false;
      continue;
    }
    const entry = given.get(target.name) ?? { syntaxes: [], named: [] };
    if (parameter === undefined || parameter === collector) entry.named.push(keyword);
    else entry.syntaxes.push(keyword.value);
    given.set(target.name, entry);
  }
  return isFine;
}

type WrongKeyword = {
  readonly owner: string;
  readonly parameters: readonly Parameter[];
  readonly keyword: KeywordSyntax;
  readonly isTaken: boolean;
};

function reportKeyword(
  binder: Binder,
  { owner, parameters, keyword, isTaken }: WrongKeyword,
): void {
  if (isTaken) {
    report(binder, keyword.nameSpan, [`\`${keyword.name}\` is given twice`]);
    return;
  }
  const names = parameters.map((parameter) => parameter.name);
  const near = nearestName(keyword.name, names);
  const known = names.length === 0 ? 'it takes none' : `it takes ${names.join(', ')}`;
  const hint = near === undefined ? known : `did you mean \`${near}\`? ${known}`;
  report(binder, keyword.nameSpan, [`\`${owner}\` has no argument \`${keyword.name}\``, hint]);
}

type OneArgument = {
  readonly call: CallToBind;
  readonly parameter: Parameter;
  readonly given: Given | undefined;
};

/** undefined: absent and optional. null: reported. */
function bindOne(
  binder: Binder,
  { call, parameter, given }: OneArgument,
): Argument | null | undefined {
  if (given === undefined) return fallbackOf(binder, call, parameter);
  const bound = bindArgument(binder, {
    owner: call.owner,
    parameter,
    syntaxes: given.syntaxes,
    span: call.nameSpan,
  });
  const bindKeyword = parameter.isConstraint ? bindConstraint : bindNamed;
  const named = given.named.map((keyword) => bindKeyword(binder, keyword));
  if (bound === null || named.includes(null)) return null;
  if (named.length === 0 || bound.kind !== 'expressions') return bound;
  return { ...bound, items: [...bound.items, ...named.filter((item) => item !== null)] };
}

/** `late=pl.col("delay")` is `pl.col("delay").alias("late")`. */
function bindNamed(binder: Binder, { name, nameSpan, value }: KeywordSyntax): Expression | null {
  const receiver = binder.expression(value, 'column');
  if (receiver === null) return null;
  const constant = literalConstant({ kind: 'string', value: name }, nameSpan);
  return {
    kind: 'call',
    method: 'alias',
    receiver,
    arguments: { name: { kind: 'constants', items: [constant], span: nameSpan } },
    span: { from: nameSpan.from, to: value.span.to },
    nameSpan,
  };
}

/** `g="x"` is `pl.col("g") == "x"`. */
export function bindConstraint(
  binder: Binder,
  { name, nameSpan, value }: KeywordSyntax,
): Expression | null {
  const receiver = bindColumnName(binder, { name, span: nameSpan });
  const other = binder.expression(value, 'value');
  if (receiver === null || other === null) return null;
  return {
    kind: 'call',
    method: 'eq',
    receiver,
    arguments: { other: { kind: 'expressions', items: [other], span: value.span } },
    span: { from: nameSpan.from, to: value.span.to },
    nameSpan,
  };
}

function fallbackOf(
  binder: Binder,
  call: CallToBind,
  parameter: Parameter,
): Argument | null | undefined {
  const span = call.nameSpan;
  if (parameter.fallback !== undefined) {
    const isExpression = ['column', 'value', 'rows', 'values'].includes(parameter.accepts);
    return isExpression
      ? {
          kind: 'expressions',
          items: [{ kind: 'literal', literal: parameter.fallback, span }],
          span,
        }
      : { kind: 'constants', items: [literalConstant(parameter.fallback, span)], span };
  }
  if (parameter.isOptional) return undefined;
  return report(binder, span, [`\`${call.owner}\` needs \`${parameter.name}\``]);
}
