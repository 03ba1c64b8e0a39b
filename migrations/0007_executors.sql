-- Owned by the scheduler, which hears from every executor with each renewal of its leases.
create table floe.executor (
  executor_id text primary key,
  address text not null,
  pool text not null,
  slots integer not null,
  busy_slots integer not null,
  state text not null,
  version text not null,
  started_at timestamptz not null,
  last_seen_at timestamptz not null,
  constraint executor_state_check check (state in ('active', 'draining', 'stopped'))
);

grant select, insert, update, delete on floe.executor to floe_scheduler;
grant select on floe.executor to floe_reporting, floe_metadata;
