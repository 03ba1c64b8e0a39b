import type { DataType } from '../data-type.ts';
import { compilePattern } from '../pattern/match-pattern.ts';
import { parsePattern } from '../pattern/parse-pattern.ts';
import type { Span } from '../problems.ts';
import type { Expression, Name, Selector } from '../program.ts';
import type { CallSyntax, Syntax } from '../syntax/syntax.ts';
import { bindDataType, looksLikeType } from './bind-data-type.ts';
import { report, type Binder } from './binder.ts';

/** One column by name; `*` means all of them, and `^...$` a pattern over their names, as in Polars. */
export function bindColumnName(binder: Binder, name: Name): Expression | null {
  const selector = selectorOfName(binder, name);
  return selector && { kind: 'columns', selector, span: name.span };
}

function selectorOfName(binder: Binder, name: Name): Selector | null {
  if (name.name === '*') return { kind: 'all' };
  if (isPattern(name)) return patternSelector(binder, name.name, name.span);
  return { kind: 'names', names: [name], isMultiple: false };
}

const isPattern = ({ name }: Name): boolean => name.startsWith('^') && name.endsWith('$');

/** The columns whose names match; the pattern has to be one that the checker can follow. */
export function patternSelector(binder: Binder, pattern: string, span: Span): Selector | null {
  const parsed = parsePattern(pattern);
  if ('problem' in parsed) {
    return report(binder, span, [
      `the pattern over column names is not supported: ${parsed.problem}`,
      'use letters, sets, groups, `|`, `.`, `*`, `+`, `?` and counts',
    ]);
  }
  if (compilePattern(parsed) === null) {
    return report(binder, span, ['the pattern is too large', 'use fewer repetitions']);
  }
  return { kind: 'matches', pattern };
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
  if (first && (!isMultiple || names.some(isPattern))) {
    const selector = oneOf(names.map((name) => selectorOfName(binder, name)));
    return selector && { kind: 'columns', selector, span };
  }
  return { kind: 'columns', selector: { kind: 'names', names, isMultiple: true }, span };
}

/** Several selectors as their union; null when one of them is. */
export function oneOf(selectors: readonly (Selector | null)[]): Selector | null {
  const bound = selectors.filter((each) => each !== null);
  if (bound.length < selectors.length) return null;
  return bound.reduce<Selector | null>(
    (left, right) => (left === null ? right : { kind: 'combined', how: 'union', left, right }),
    null,
  );
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
  const excluded = excludedFrom(binder, base, call);
  const isSelector = receiver.kind === 'columns' && receiver.isSelector;
  return excluded && isSelector ? { ...excluded, isSelector: true } : excluded;
}

type Columns = Extract<Expression, { kind: 'columns' }>;

export function excludedFrom(binder: Binder, base: Selector, call: CallSyntax): Columns | null {
  const given = namesAndTypes(binder, call);
  if (given === null) return null;
  const plain = given.names.filter((name) => !isPattern(name));
  const groups: (Selector | null)[] = given.names
    .filter(isPattern)
    .map(({ name, span }) => patternSelector(binder, name, span));
  if (plain.length > 0)
    groups.push({ kind: 'names', names: plain, isMultiple: true, isLenient: true });
  if (given.types.length > 0) groups.push({ kind: 'types', types: given.types });
  if (groups.length === 0) return report(binder, call.span, ['name what to leave out']);
  const right = oneOf(groups);
  if (right === null) return null;
  const selector: Selector = { kind: 'combined', how: 'difference', left: base, right };
  return { kind: 'columns', selector, span: call.span };
}

export function namesAndTypes(binder: Binder, call: CallSyntax): NamesAndTypes | null {
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
