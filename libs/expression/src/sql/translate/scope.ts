import { nearestName } from '@floe/errors';
import type { DataType } from '../../data-type.ts';
import type { FrameColumn, FrameState } from '../../analyse/frame-state.ts';
import type { Output } from '../../analyse/expression-context.ts';
import { MAX_LISTED_COLUMNS } from '../../limits.ts';
import type { Span } from '../../problems.ts';
import type { Expression, Frame, Statement } from '../../program.ts';
import type { Syntax } from '../../syntax/syntax.ts';
import type { SqlName, SqlSelection, SqlWindow } from '../sql-syntax.ts';
import { aliased, columnSyntax, polars, textSyntax } from './template.ts';

/** What the steps of one translation share. */
export type Translation = {
  /** Grows with every table of WITH. */
  readonly statements: Statement[];
  readonly inputs: ReadonlyMap<string, readonly FrameColumn[]>;
  readonly stateOf: (frame: Frame) => FrameState;
  /** What the expressions give on a frame; what is wrong with them is reported and ends the translation. */
  readonly outputsOf: (items: readonly Expression[], on: FrameState) => readonly Output[];
  readonly bind: (syntax: Syntax) => Expression;
  readonly query: (query: SqlSelection, tables: Tables) => Frame;
  /** The query does something that no tree says: Polars runs it as it stands. */
  readonly unfollowed: (span: Span, what: string) => never;
  readonly refuse: (span: Span, message: string, hint?: string) => never;
};

/** Tables that can stand in FROM, besides the inputs. */
export type Tables = ReadonlyMap<string, Frame>;

/** A table under the name by which the query calls it. */
export type ScopeTable = {
  readonly columns: readonly FrameColumn[];
  /** Columns that have another name in the joined frame, because a table before has the name. */
  readonly renamed: ReadonlyMap<string, string>;
};

/** Where an expression stands. */
export type Scope = {
  readonly translation: Translation;
  readonly tables: Tables;
  readonly frame: FrameState;
  readonly joined: ReadonlyMap<string, ScopeTable>;
  readonly windows: ReadonlyMap<string, SqlWindow>;
};

/** A column, or a field of a struct, under the name that the joined frame has for it. */
export function nameSyntax(scope: Scope, parts: readonly SqlName[], span: Span): Syntax {
  const [first, second, ...fields] = parts;
  if (first === undefined) return scope.translation.refuse(span, 'a column is expected here');
  if (second === undefined) return columnSyntax(first.name, span);
  const table = scope.joined.get(first.name);
  if (table === undefined) {
    const isColumn = scope.frame.columns.some(({ name }) => name === first.name);
    if (!isColumn) return reportTable(scope, first);
    return fieldSyntax(columnSyntax(first.name, first.span), [second, ...fields], span);
  }
  const column = table.columns.find(({ name }) => name === second.name);
  if (column === undefined) return reportColumn(scope, table, [first, second]);
  const actual = table.renamed.get(second.name);
  const syntax =
    actual === undefined
      ? columnSyntax(second.name, span)
      : aliased(columnSyntax(actual, span), second.name, span);
  return fieldSyntax(syntax, fields, span);
}

function fieldSyntax(from: Syntax, fields: readonly SqlName[], span: Span): Syntax {
  return fields.reduce<Syntax>(
    (of, { name }) => polars('_1.struct.field(_2)', span, [of, textSyntax(name, span)]),
    from,
  );
}

export function reportTable({ joined, translation }: Scope, { name, span }: SqlName): never {
  const names = [...joined.keys()];
  const near = nearestName(name, names);
  const known = `the tables of this query are ${names.join(', ')}`;
  return translation.refuse(
    span,
    `there is no table "${name}" in this query`,
    near ? `did you mean ${near}? ${known}` : known,
  );
}

function reportColumn(
  { translation }: Scope,
  table: ScopeTable,
  [{ name: owner }, { name, span }]: readonly [SqlName, SqlName],
): never {
  const names = table.columns.map((column) => column.name);
  const near = nearestName(name, names);
  const known = `its columns are ${names.slice(0, MAX_LISTED_COLUMNS).join(', ')}`;
  return translation.refuse(
    span,
    `the table ${owner} has no column "${name}"`,
    near ? `did you mean "${near}"? ${known}` : known,
  );
}

/** The type of a column in the scope; undefined for one that is not there. */
export function typeOfName(scope: Scope, parts: readonly SqlName[]): DataType | undefined {
  const [first, second] = parts;
  const columns =
    second === undefined ? scope.frame.columns : scope.joined.get(first?.name ?? '')?.columns;
  const name = (second ?? first)?.name;
  return columns?.find((column) => column.name === name)?.type;
}
