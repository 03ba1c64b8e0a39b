import type { TargetSession } from './target-session.ts';

/** A type as PostgreSQL knows it, domains replaced by what they are made of. */
export type TargetType = {
  readonly oid: number;
  /** As PostgreSQL writes it: `numeric(10,2)`, `mood`, `integer[]`. */
  readonly name: string;
  /** `atttypmod`; -1 when there is none. */
  readonly modifier: number;
  readonly isEnum: boolean;
  /** Of an array: what its elements are. */
  readonly element?: TargetType;
  /** Of an array: the OID of its elements' type as declared, perhaps a domain. */
  readonly elementOid?: number;
  /** Of an array column: how many dimensions it was declared with. */
  readonly dimensions?: number;
};

type GivenType = {
  readonly dataTypeID: number;
  readonly dataTypeModifier: number;
  readonly dimensions?: number;
};

type Row = {
  oid: number;
  modifier: number;
  name: string;
  is_enum: boolean;
  element_oid: number;
};

/** Looks types up in the catalogue, in the order given. A domain's own modifier counts when the column has none. */
export async function resolveTypes(
  session: TargetSession,
  types: readonly GivenType[],
): Promise<readonly TargetType[]> {
  const rows = await session.query<Row>(RESOLVE, [
    types.map((type) => type.dataTypeID),
    types.map((type) => type.dataTypeModifier),
  ]);
  const elements = await resolveElements(session, rows);
  return rows.map((row, index) => {
    const { oid, name, modifier, is_enum: isEnum, element_oid: elementOid } = row;
    const element = elements.get(index);
    if (element === undefined) return { oid, name, modifier, isEnum };
    const dimensions = Math.max(1, types[index]?.dimensions ?? 1);
    return { oid, name, modifier, isEnum, element, elementOid, dimensions };
  });
}

// An array's modifier is that of its elements. int2vector and oidvector look like arrays and count from 0.
const RESOLVE = `
  with recursive given as (
    select * from unnest($1::oid[], $2::int[]) with ordinality as g (oid, modifier, place)
  ), resolved as (
    select oid, modifier, place from given
    union all
    select t.typbasetype, case when r.modifier = -1 then t.typtypmod else r.modifier end, r.place
    from resolved r join pg_type t on t.oid = r.oid where t.typtype = 'd'
  )
  select r.oid::int8::float8 as oid, r.modifier, format_type(r.oid, r.modifier) as name, t.typtype = 'e' as is_enum,
         case when t.typcategory = 'A' and t.typlen = -1 and t.typname not in ('int2vector', 'oidvector')
              then t.typelem::int8::float8 else 0 end as element_oid
  from resolved r join pg_type t on t.oid = r.oid where t.typtype <> 'd' order by r.place`;

/** The types of the elements, by the place of their array. Elements are no arrays, so that this goes one step deep. */
async function resolveElements(
  session: TargetSession,
  rows: readonly Row[],
): Promise<ReadonlyMap<number, TargetType>> {
  const arrays = rows.flatMap((row, index) => (row.element_oid === 0 ? [] : [{ row, index }]));
  if (arrays.length === 0) return new Map();
  const elements = await resolveTypes(
    session,
    arrays.map(({ row }) => ({ dataTypeID: row.element_oid, dataTypeModifier: row.modifier })),
  );
  // A domain over an array as an element would be an array in an array; it travels as text.
  return new Map(
    arrays.flatMap(({ index }, place) => {
      const element = elements[place]!;
      return element.element === undefined ? [[index, element] as const] : [];
    }),
  );
}
