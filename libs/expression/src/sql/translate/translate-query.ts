import { bindExpression } from '../../bind/bind-expression.ts';
import { bindFrame } from '../../bind/bind-frame.ts';
import type { Binder } from '../../bind/binder.ts';
import { createAnalysis, type ProgramContext } from '../../analyse/analyse-program.ts';
import type { Problems, Span } from '../../problems.ts';
import type { Argument, Expression, Frame, Statement } from '../../program.ts';
import type { Syntax } from '../../syntax/syntax.ts';
import type { SqlBody, SqlExpression, SqlSelection } from '../sql-syntax.ts';
import { combineRows } from './combine-rows.ts';
import { constants, integer, operation } from './frames.ts';
import { namedTable, renamedColumns } from './join-sources.ts';
import { orderRows } from './order.ts';
import type { Tables, Translation } from './scope.ts';
import { isWithinSize } from './syntax-size.ts';
import { translateSelect } from './translate-select.ts';

/** Thrown within this folder: the query is one that Polars runs, and no tree says what it does. */
export class Unfollowed extends Error {
  readonly span: Span;
  constructor(span: Span, what: string) {
    super(what);
    this.span = span;
  }
}

export type QueryContext = {
  readonly inputs: ProgramContext['inputs'];
  readonly parameters?: ProgramContext['parameters'];
  readonly problems: Problems;
};

/**
 * The statements of a program that does what the query does. Schemas decide what names mean, so they are needed.
 * Throws Unfollowed, or EXPRESSION_INVALID.
 */
export function translateQuery(query: SqlSelection, context: QueryContext): readonly Statement[] {
  const translation = createTranslation(context);
  const frame = translation.query(query, new Map());
  translation.stateOf(frame);
  context.problems.throwIfAny();
  return [...translation.statements, { name: null, frame, span: query.span }];
}

function createTranslation({ inputs, parameters, problems }: QueryContext): Translation {
  const statements: Statement[] = [];
  const analysis = createAnalysis(statements, { inputs, parameters }, problems);
  const refuse = (span: Span, message: string, hint?: string): never => {
    problems.add(span, message, hint);
    problems.throwIfAny();
    throw new Error('a problem was reported');
  };
  const binder: Binder = {
    problems,
    frames: new Map(),
    expression: (syntax, textIs) => bindExpression(binder, syntax, textIs),
    frame: (syntax) => bindFrame(binder, syntax),
  };
  const known = Object.entries(inputs).map(([name]) => {
    const frame: Frame = { kind: 'input', name, span: { from: 0, to: 0 } };
    return [name, analysis.stateOf(frame).columns] as const;
  });
  const translation: Translation = {
    statements,
    inputs: new Map(known),
    stateOf: analysis.stateOf,
    outputsOf: (items, on) => {
      const outputs = analysis.outputsOf(items, on);
      problems.throwIfAny();
      return outputs ?? [];
    },
    bind: (syntax) => bound(binder, syntax, { problems, refuse }),
    query: (query, tables) => translateSelection(translation, query, tables),
    unfollowed: (span, what) => {
      throw new Unfollowed(span, what);
    },
    refuse,
  };
  return translation;
}

type Refusing = { readonly problems: Problems; readonly refuse: Translation['refuse'] };

function bound(binder: Binder, syntax: Syntax, { problems, refuse }: Refusing): Expression {
  if (!isWithinSize(syntax))
    return refuse(
      syntax.span,
      'the expression comes to too much',
      'compute a part of it in a query of its own',
    );
  const expression = binder.expression(syntax, 'value');
  problems.throwIfAny();
  return expression ?? refuse(syntax.span, 'this is not an expression');
}

function translateSelection(translation: Translation, query: SqlSelection, tables: Tables): Frame {
  const known = new Map(tables);
  for (const table of query.with) {
    const frame = renamedColumns(translation, translation.query(table.query, known), {
      columns: table.columns,
      span: table.name.span,
    });
    const { name, span } = table.name;
    translation.statements.push({ name, frame, span });
    known.set(name, { kind: 'statement', index: translation.statements.length - 1, span });
  }
  return limited(
    translation,
    translateBody(translation, query.body, { query, tables: known }),
    query,
  );
}

type Within = { readonly query: SqlSelection; readonly tables: Tables };

/** ORDER BY belongs to the whole: of one SELECT it can name columns that the result lacks. */
function translateBody(translation: Translation, body: SqlBody, { query, tables }: Within): Frame {
  const { orderBy } = query;
  if (body.kind === 'select') return translateSelect(translation, body, { orderBy, tables });
  const frame = combinedBody(translation, body, tables);
  if (orderBy === null) return frame;
  const state = translation.stateOf(frame);
  const scope = { translation, tables, frame: state, joined: new Map(), windows: new Map() };
  return orderRows(scope, frame, { orderBy, selected: state.columns.map(({ name }) => name) });
}

function combinedBody(translation: Translation, body: SqlBody, tables: Tables): Frame {
  switch (body.kind) {
    case 'select':
      return translateSelect(translation, body, { orderBy: null, tables });
    case 'nested':
      return translation.query(body.query, tables);
    case 'table':
      return namedTable(translation, body.name, tables);
    case 'unfollowed':
      return translation.unfollowed(body.span, body.what);
    case 'combined':
      return combineRows(translation, body, [
        combinedBody(translation, body.left, tables),
        combinedBody(translation, body.right, tables),
      ]);
  }
}

function limited(translation: Translation, frame: Frame, { limit, offset }: SqlSelection): Frame {
  const count = limit && rowsOf(translation, limit);
  if (offset !== null) {
    const { span } = offset;
    const length = count ?? constants([{ kind: 'null' }], span);
    return operation('slice', frame, { offset: rowsOf(translation, offset), length }, span);
  }
  return limit === null || count === null
    ? frame
    : operation('limit', frame, { n: count }, limit.span);
}

function rowsOf(translation: Translation, expression: SqlExpression): Argument {
  const { span } = expression;
  if (expression.kind === 'parameter')
    return { kind: 'constants', items: [{ kind: 'parameter', name: expression.name, span }], span };
  const isCount = expression.kind === 'number' && /^\d+$/.test(expression.text);
  return isCount
    ? integer(expression.text, span)
    : translation.refuse(span, 'LIMIT and OFFSET take whole numbers');
}
