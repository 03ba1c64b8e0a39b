import type { TargetSession } from './target-session.ts';

/** A type as PostgreSQL knows it, domains replaced by what they are made of. */
export type TargetType = {
  readonly oid: number;
  /** As PostgreSQL writes it: `numeric(10,2)`, `mood`. */
  readonly name: string;
  /** `atttypmod`; -1 when there is none. */
  readonly modifier: number;
  readonly isEnum: boolean;
};

type GivenType = { readonly dataTypeID: number; readonly dataTypeModifier: number };

type Row = { oid: number; modifier: number; name: string; is_enum: boolean };

/** Looks types up in the catalogue, in the order given. A domain's own modifier counts when the column has none. */
export async function resolveTypes(
  session: TargetSession,
  types: readonly GivenType[],
): Promise<readonly TargetType[]> {
  const rows = await session.query<Row>(
    `with recursive given as (
       select * from unnest($1::oid[], $2::int[]) with ordinality as g (oid, modifier, place)
     ), resolved as (
       select oid, modifier, place from given
       union all
       select t.typbasetype, case when r.modifier = -1 then t.typtypmod else r.modifier end, r.place
       from resolved r join pg_type t on t.oid = r.oid where t.typtype = 'd'
     )
     select r.oid::int8::float8 as oid, r.modifier, format_type(r.oid, r.modifier) as name, t.typtype = 'e' as is_enum
     from resolved r join pg_type t on t.oid = r.oid where t.typtype <> 'd' order by r.place`,
    [types.map((type) => type.dataTypeID), types.map((type) => type.dataTypeModifier)],
  );
  return rows.map((row) => ({
    oid: row.oid,
    name: row.name,
    modifier: row.modifier,
    isEnum: row.is_enum,
  }));
}
