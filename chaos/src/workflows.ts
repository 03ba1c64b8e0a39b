/** What runs while things break. Every run of a loading workflow leaves rows with its own batch number, or none. */
export const SOURCE_ROWS = 2_000;

// So many failures and losses come together in a chaos that the usual budget would be used up by it.
const DEFAULTS =
  'defaults: { retries: { max: 50, delay: 200ms, backoff: 1 }, timeout: 30s, queue_timeout: 2m }';

/** Extract, transform and load; `seconds` is how long its extract sleeps, so that there is a middle to break in. */
function loading(name: string, seconds: number): string {
  return `name: ${name}
params:
  batch: { type: integer }
${DEFAULTS}
tasks:
  rows:
    type: postgres_extract
    connection: source
    query: |
      with pause as materialized (select pg_sleep(${seconds})::text as slept)
      select \${{ params.batch }}::bigint as batch, s.id, s.word from public.chaos_source s cross join pause
  kept:
    type: expression_transform
    inputs: [rows]
    polars: rows.filter(pl.col("id") >= 0)
  store:
    type: postgres_load
    inputs: [kept]
    connection: warehouse
    table: public.chaos_target
    mode: append
`;
}

const FAN = Array.from({ length: 8 }, (_, index) => `leaf_${index}`);

const FANNING = `name: chaos-fan
params:
  batch: { type: integer }
${DEFAULTS}
tasks:
  root: { type: noop }
${FAN.map((leaf) => `  ${leaf}: { type: noop, needs: [root] }`).join('\n')}
  join: { type: noop, needs: [${FAN.join(', ')}] }
`;

export const WORKFLOWS = {
  load: { name: 'chaos-load', document: loading('chaos-load', 0.3), loads: true },
  /** Long enough to be cancelled in the middle. */
  slow: { name: 'chaos-slow', document: loading('chaos-slow', 1.5), loads: true },
  fan: { name: 'chaos-fan', document: FANNING, loads: false },
} as const;

export type WorkflowKind = keyof typeof WORKFLOWS;

export const TABLES = [
  `create table public.chaos_source as
   select i::bigint as id, 'word ' || i as word from generate_series(1, ${SOURCE_ROWS}) as i`,
  'create table public.chaos_target (batch bigint, id bigint, word text)',
];
