-- Owned by the scheduler. What must leave the database is written in the transaction that causes it; publishers
-- delete a row once the receiver has confirmed it. Rows live for milliseconds.
create table floe.outbox (
  id bigint generated always as identity primary key,
  -- hint (JetStream, for executors), control (core NATS, for one executor), event (JetStream, for subscribers),
  -- trace (the finished spans of a run, by OTLP)
  kind text not null,
  run_id uuid not null,
  payload jsonb not null,
  traceparent text,
  created_at timestamptz not null default clock_timestamp(),
  constraint outbox_kind_check check (kind in ('hint', 'control', 'event', 'trace'))
);

-- The history of each run, numbered without a gap: what WatchRun resumes from.
create table floe.run_event (
  run_id uuid not null references floe.run (run_id) on delete cascade,
  sequence bigint not null,
  type text not null,
  task_index integer,
  occurred_at timestamptz not null,
  data jsonb not null,
  primary key (run_id, sequence)
);

grant select, insert, update, delete on floe.outbox, floe.run_event to floe_scheduler;
grant select on floe.run_event to floe_reporting;
