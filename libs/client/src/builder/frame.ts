import type { Aggregate } from './aggregate.ts';
import type { Columns, ColumnType } from './column-types.ts';
import { Expression, quote } from './expression.ts';

/** The columns of a frame as expressions: a name that is none does not compile. */
export type Row<Of extends Columns> = { readonly [Name in keyof Of]: Expression<Of[Name]> };

type Typed = { readonly text: string; readonly type: ColumnType };
type Made<Part extends Typed> = Readonly<Record<string, Part>>;
type TypesOf<Of extends Made<Typed>> = { readonly [Name in keyof Of]: Of[Name]['type'] };
type Merged<Left, Right> = Omit<Left, keyof Right> & Right;
/** Shows as one object of columns where a type is shown, rather than as how it came about. */
type Plain<Of> = { readonly [Name in keyof Of]: Of[Name] };
type AsColumns<Of> = Of extends Columns ? Of : never;
type Result<Of> = AsColumns<Plain<Of>>;
type NameIn<Of> = keyof Of & string;
type Renamed<Of, Names> = {
  readonly [Name in keyof Of as Name extends keyof Names ? Names[Name] & string : Name]: Of[Name];
};
/** What a join adds: all but the key; a name that is taken ends in `_right`. */
type Joined<Left, Right, Key> = {
  readonly [
    Name in NameIn<Right> as Name extends Key
      ? never
      : Name extends keyof Left
        ? `${Name}_right`
        : Name
  ]: Right[Name];
};

export type JoinHow = 'inner' | 'left';

/** Rows of a workflow that is being written: a text for Polars, and the columns that it gives. */
export class Frame<Of extends Columns> {
  /** As Polars for Python reads it; names of tasks stand for their datasets. */
  readonly text: string;
  readonly columns: Of;
  /** The tasks whose datasets it is made of. */
  readonly sources: ReadonlySet<string>;

  constructor(text: string, columns: Of, sources: ReadonlySet<string>) {
    this.text = text;
    this.columns = columns;
    this.sources = sources;
  }

  filter(where: (row: Row<Of>) => Expression<'Boolean'>): Frame<Of> {
    return this.#then(`filter(${where(this.#row()).text})`, this.columns);
  }

  select<Name extends NameIn<Of>>(...names: readonly Name[]): Frame<Result<Pick<Of, Name>>> {
    return this.#then(`select(${names.map(quote).join(', ')})`, picked(this.columns, names));
  }

  /** Only these columns, made of those of the frame. */
  selectMade<New extends Made<Expression>>(
    make: (row: Row<Of>) => New,
  ): Frame<Result<TypesOf<New>>> {
    const made = make(this.#row());
    return this.#then(`select(${aliased(made)})`, typesOf(made));
  }

  /** These columns besides the others, or in place of those of the same name. */
  withColumns<New extends Made<Expression>>(
    make: (row: Row<Of>) => New,
  ): Frame<Result<Merged<Of, TypesOf<New>>>> {
    const made = make(this.#row());
    return this.#then(`with_columns(${aliased(made)})`, { ...this.columns, ...typesOf(made) });
  }

  drop<Name extends NameIn<Of>>(...names: readonly Name[]): Frame<Result<Omit<Of, Name>>> {
    const kept = Object.keys(this.columns).filter((name) => !names.includes(name as Name));
    return this.#then(`drop(${names.map(quote).join(', ')})`, picked(this.columns, kept));
  }

  rename<const Names extends { readonly [Name in NameIn<Of>]?: string }>(
    names: Names,
  ): Frame<Result<Renamed<Of, Names>>> {
    const given = Object.entries(names) as [string, string][];
    const pairs = given.map(([from, to]) => `${quote(from)}: ${quote(to)}`);
    const renamed = new Map(given);
    const columns = Object.entries(this.columns).map(([name, type]) => [
      renamed.get(name) ?? name,
      type,
    ]);
    return this.#then(`rename({${pairs.join(', ')}})`, Object.fromEntries(columns));
  }

  groupBy<Name extends NameIn<Of>>(...names: readonly Name[]): Groups<Of, Name> {
    return new Groups(this, names);
  }

  join<Right extends Columns, Key extends NameIn<Of> & NameIn<Right>>(
    right: Frame<Right>,
    { on, how = 'inner' }: { readonly on: readonly Key[]; readonly how?: JoinHow },
  ): Frame<Result<Of & Joined<Of, Right, Key>>> {
    const text = `join(${right.text}, on=[${on.map(quote).join(', ')}], how="${how}")`;
    return this.#joined(text, right, on);
  }

  /** A join of columns with different names; that of the right is left out. */
  joinOn<Right extends Columns, Left extends NameIn<Of>, Other extends NameIn<Right>>(
    right: Frame<Right>,
    keys: { readonly left: Left; readonly right: Other; readonly how?: JoinHow },
  ): Frame<Result<Of & Joined<Of, Right, Other>>> {
    const { left, right: other, how = 'inner' } = keys;
    const text = `join(${right.text}, left_on=${quote(left)}, right_on=${quote(other)}, how="${how}")`;
    return this.#joined(text, right, [other]);
  }

  sort(
    name: NameIn<Of>,
    { descending = false }: { readonly descending?: boolean } = {},
  ): Frame<Of> {
    const order = descending ? ', descending=True' : '';
    return this.#then(`sort(${quote(name)}${order})`, this.columns);
  }

  head(count: number): Frame<Of> {
    return this.#then(`head(${count})`, this.columns);
  }

  /** Each combination of these columns once; without names, each row once. */
  unique(...names: readonly NameIn<Of>[]): Frame<Of> {
    const subset = names.length === 0 ? '' : `subset=[${names.map(quote).join(', ')}]`;
    return this.#then(`unique(${subset})`, this.columns);
  }

  #row(): Row<Of> {
    const entries = Object.entries(this.columns).map(([name, type]) => [
      name,
      new Expression(`pl.col(${quote(name)})`, type),
    ]);
    return Object.fromEntries(entries) as Row<Of>;
  }

  #joined<New>(text: string, right: Frame<Columns>, key: readonly string[]): Frame<AsColumns<New>> {
    const added = Object.entries(right.columns)
      .filter(([name]) => !key.includes(name))
      .map(([name, type]) => [name in this.columns ? `${name}_right` : name, type]);
    const columns = { ...this.columns, ...(Object.fromEntries(added) as Columns) };
    const sources = new Set([...this.sources, ...right.sources]);
    return new Frame(`${this.text}.${text}`, columns as unknown as AsColumns<New>, sources);
  }

  /** What the types of the methods say of the columns holds by how they are made. */
  #then<New>(step: string, columns: Columns): Frame<AsColumns<New>> {
    const text = `${this.text}.${step}`;
    return new Frame(text, columns as unknown as AsColumns<New>, this.sources);
  }
}

/** Rows in groups, which need an `agg`. */
export class Groups<Of extends Columns, Name extends NameIn<Of>> {
  readonly #frame: Frame<Of>;
  readonly #names: readonly Name[];

  constructor(frame: Frame<Of>, names: readonly Name[]) {
    this.#frame = frame;
    this.#names = names;
  }

  agg<New extends Made<Aggregate>>(
    make: (row: Row<Of>) => New,
  ): Frame<Result<Merged<Pick<Of, Name>, TypesOf<New>>>> {
    const { text, columns, sources } = this.#frame;
    const row = Object.fromEntries(
      Object.entries(columns).map(([name, type]) => [
        name,
        new Expression(`pl.col(${quote(name)})`, type),
      ]),
    ) as Row<Of>;
    const made = make(row);
    const names = this.#names.map(quote).join(', ');
    const given = { ...picked(columns, this.#names), ...typesOf(made) };
    type Given = Result<Merged<Pick<Of, Name>, TypesOf<New>>>;
    return new Frame(
      `${text}.group_by(${names}).agg(${aliased(made)})`,
      given as unknown as Given,
      sources,
    );
  }
}

function aliased(made: Made<Typed>): string {
  return Object.entries(made)
    .map(([name, { text }]) => `${text}.alias(${quote(name)})`)
    .join(', ');
}

function typesOf(made: Made<Typed>): Columns {
  return Object.fromEntries(Object.entries(made).map(([name, { type }]) => [name, type]));
}

function picked(columns: Columns, names: readonly string[]): Columns {
  return Object.fromEntries(
    names.flatMap((name) => (columns[name] ? [[name, columns[name]]] : [])),
  );
}
