import type { DataType } from '../data-type.ts';
import type { Expression, Name, Selector } from '../program.ts';
import type { CallSyntax, Syntax } from '../syntax/syntax.ts';
import { bindDataType, looksLikeType } from './bind-data-type.ts';
import { report, type Binder } from './binder.ts';

/** One column by name; `*` means all of them, as in Polars. */
export function bindColumnName(binder: Binder, name: Name): Expression | null {
  if (name.name === '*') return { kind: 'columns', selector: { kind: 'all' }, span: name.span };
  if (!isName(binder, name)) return null;
  return {
    kind: 'columns',
    selector: { kind: 'names', names: [name], isMultiple: false },
    span: name.span,
  };
}

/** Polars reads `^...$` as a pattern over column names. */
function isName(binder: Binder, { name, span }: Name): boolean {
  if (!(name.startsWith('^') && name.endsWith('$'))) return true;
  report(binder, span, [
    'patterns over column names are not supported',
    'name the columns, or use pl.all().exclude("a")',
  ]);
  return false;
}

type NamesAndTypes = { readonly names: readonly Name[]; readonly types: readonly DataType[] };

/** `pl.col("a", "b")`, `pl.col(["a", "b"])`, `pl.col(pl.Int64, pl.Float64)`. */
export function bindColumns(binder: Binder, call: CallSyntax): Expression | null {
  const given = namesAndTypes(binder, call);
  if (given === null) return null;
  const { names, types } = given;
  const { span } = call;
  const first = names[0];
  if (names.length + types.length === 0)
    return report(binder, span, ['pl.col needs a column name', 'like pl.col("a")']);
  if (types.length > 0) {
    if (names.length > 0) return report(binder, span, ['pl.col takes names or types, not both']);
    return { kind: 'columns', selector: { kind: 'types', types }, span };
  }
  const isMultiple = names.length > 1 || call.positional[0]?.kind === 'list';
  if (first && !isMultiple) {
    const bound = bindColumnName(binder, first);
    return bound && { ...bound, span };
  }
  if (!names.every((name) => isName(binder, name))) return null;
  return { kind: 'columns', selector: { kind: 'names', names, isMultiple: true }, span };
}

/** `.exclude("a")` after something that selects columns. */
export function bindExclusion(
  binder: Binder,
  receiver: Expression,
  call: CallSyntax,
): Expression | null {
  const base = receiver.kind === 'columns' ? receiver.selector : null;
  if (base === null) {
    return report(binder, call.span, [
      '`.exclude` follows a choice of columns',
      'like pl.all().exclude("a")',
    ]);
  }
  return excluded(binder, base, call);
}

export function excluded(binder: Binder, base: Selector, call: CallSyntax): Expression | null {
  const given = namesAndTypes(binder, call);
  if (given === null) return null;
  const names = given.names.map(({ name }) => name);
  return {
    kind: 'columns',
    selector: { kind: 'exclude', base, names, types: given.types },
    span: call.span,
  };
}

function namesAndTypes(binder: Binder, call: CallSyntax): NamesAndTypes | null {
  const names: Name[] = [];
  const types: DataType[] = [];
  const [keyword] = call.keywords;
  if (keyword)
    return report(binder, keyword.nameSpan, [`there is no argument \`${keyword.name}\``]);
  const items: readonly Syntax[] = call.positional.flatMap((item) =>
    item.kind === 'list' ? item.items : [item],
  );
  for (const item of items) {
    if (item.kind === 'string') {
      names.push({ name: item.value, span: item.span });
      continue;
    }
    if (!looksLikeType(item)) {
      return item.kind === 'refused'
        ? null
        : report(binder, item.span, ['a column name is expected here', 'like "a"']);
    }
    const type = bindDataType(binder, item);
    if (type === null) return null;
    types.push(type);
  }
  return { names, types };
}
