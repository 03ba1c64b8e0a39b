import { assert } from '@floe/errors';
import { collectProblems, type Span } from '../../problems.ts';
import { readPython } from '../../syntax/read-python.ts';
import type { CallSyntax, Syntax } from '../../syntax/syntax.ts';

/**
 * Polars as it is written, with `_1`, `_2` ... for operands, and `_all` or `_rest` for all of them or all but the first.
 * SQL gets its meaning in these terms, so that its tree is the one that the same Polars has.
 */
export function polars(template: string, span: Span, operands: readonly Syntax[] = []): Syntax {
  const known = templates.get(template) ?? parseTemplate(template);
  templates.set(template, known);
  return filled(known, span, operands);
}

/** Templates are written in this folder, and types of columns: there are some hundreds in all. */
const templates = new Map<string, Syntax>();

function parseTemplate(template: string): Syntax {
  const problems = collectProblems(template);
  const [statement] = readPython(template, problems).statements;
  assert(statement, 'a template is an expression');
  return statement.value;
}

function filled(syntax: Syntax, span: Span, operands: readonly Syntax[]): Syntax {
  const each = (part: Syntax): Syntax => filled(part, span, operands);
  switch (syntax.kind) {
    case 'name': {
      const place = /^_(\d+)$/.exec(syntax.name)?.[1];
      if (place === undefined) return { ...syntax, span };
      const operand = operands[Number(place) - 1];
      assert(operand, `the template has an operand ${place}`);
      return operand;
    }
    case 'attribute':
      return { ...syntax, object: each(syntax.object), nameSpan: span, span };
    case 'call':
      return filledCall(syntax, span, operands);
    case 'list':
      return {
        ...syntax,
        items: syntax.items.flatMap((item) => spread(item, span, operands)),
        span,
      };
    case 'unary':
      return { ...syntax, operand: each(syntax.operand), span };
    case 'binary':
      return {
        ...syntax,
        left: each(syntax.left),
        right: each(syntax.right),
        span,
        operatorSpan: span,
      };
    default:
      return { ...syntax, span };
  }
}

function filledCall(call: CallSyntax, span: Span, operands: readonly Syntax[]): CallSyntax {
  return {
    ...call,
    callee: filled(call.callee, span, operands),
    positional: call.positional.flatMap((item) => spread(item, span, operands)),
    keywords: call.keywords.map((keyword) => ({
      ...keyword,
      nameSpan: span,
      value: filled(keyword.value, span, operands),
    })),
    span,
  };
}

function spread(item: Syntax, span: Span, operands: readonly Syntax[]): readonly Syntax[] {
  if (item.kind === 'name' && item.name === '_all') return operands;
  if (item.kind === 'name' && item.name === '_rest') return operands.slice(1);
  return [filled(item, span, operands)];
}

export const textSyntax = (value: string, span: Span): Syntax => ({ kind: 'string', value, span });

/** Text as a value: bare text is a column's name in some places. */
export const textValue = (value: string, span: Span): Syntax =>
  polars('pl.lit(_1)', span, [textSyntax(value, span)]);

export const columnSyntax = (name: string, span: Span): Syntax =>
  polars('pl.col(_1)', span, [textSyntax(name, span)]);

export const aliased = (syntax: Syntax, name: string, span: Span): Syntax =>
  polars('_1.alias(_2)', span, [syntax, textSyntax(name, span)]);
