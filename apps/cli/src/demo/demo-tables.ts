/** The tables of the demo: what is loaded into them once, and those that the workflow writes. */

/** A table that is filled from a file of the npm package vega-datasets. */
export type SourceTable = {
  readonly name: string;
  readonly file: string;
  readonly create: string;
};

export const FLIGHTS: SourceTable = {
  name: 'public.flights',
  file: 'flights-3m.parquet',
  create: `create table if not exists public.flights (
    date timestamp not null,
    delay integer not null,
    distance integer not null,
    origin text not null,
    destination text not null
  )`,
};

export const AIRPORTS: SourceTable = {
  name: 'public.airports',
  file: 'airports.csv',
  create: `create table if not exists public.airports (
    iata text primary key,
    name text,
    city text,
    state text,
    country text,
    latitude double precision,
    longitude double precision
  )`,
};

/** Which file filled which table: the mark is set in the transaction that loads, so a half load is no load. */
export const LOADS_TABLE = `create table if not exists public.floe_demo_load (
  table_name text primary key,
  file text not null,
  row_limit bigint not null,
  row_count bigint not null,
  loaded_at timestamptz not null default now()
)`;
