-- Owned by the scheduler: the truth about every run.
create table floe.run (
  run_id uuid primary key,
  workflow_name text not null,
  workflow_version integer not null,
  generation integer not null default 1,
  request_id text,
  -- SHA-256 of what the request asked for: the same request id with another digest is refused.
  request_digest text,
  state text not null,
  trigger text not null,
  parameters jsonb not null,
  failure jsonb,
  cancel_reason text,
  -- Compare-and-set: every transaction that changes the run or its task runs adds one.
  revision bigint not null default 1,
  -- Number of the newest event of the run.
  event_sequence bigint not null default 0,
  created_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  deadline_at timestamptz not null,
  cancel_requested_at timestamptz,
  -- The earliest instant at which the engine has something to do without being asked; null once the run has ended.
  wake_at timestamptz,
  trace_id text not null,
  span_id text not null,
  trace_flags smallint not null,
  -- The span that asked for the run: the root span of the run links to it.
  link_traceparent text,
  constraint run_state_check check (state in
    ('queued', 'running', 'paused', 'cancelling', 'succeeded', 'failed', 'cancelled', 'timed_out'))
);

create unique index run_request_id_key on floe.run (request_id) where request_id is not null;
create index run_wake_at_idx on floe.run (wake_at) where wake_at is not null;
create index run_workflow_name_run_id_idx on floe.run (workflow_name, run_id desc);
create index run_state_run_id_idx on floe.run (state, run_id desc);

create table floe.task_run (
  run_id uuid not null references floe.run (run_id) on delete cascade,
  -- Position of the task in the workflow.
  task_index integer not null,
  task_id text not null,
  type text not null,
  state text not null,
  epoch bigint not null default 0,
  -- Attempts that were claimed, and how many of them were lost with their worker or executor.
  attempt_count integer not null default 0,
  loss_count integer not null default 0,
  ready_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  next_attempt_at timestamptz,
  -- When the engine acts on the present state by itself: queue or attempt timeout.
  state_deadline_at timestamptz,
  rows bigint not null default 0,
  bytes bigint not null default 0,
  peak_memory_bytes bigint not null default 0,
  dataset jsonb,
  failure jsonb,
  span_id text not null,
  primary key (run_id, task_index),
  constraint task_run_run_id_task_id_key unique (run_id, task_id),
  constraint task_run_state_check check (state in
    ('pending', 'ready', 'running', 'retrying', 'succeeded', 'failed', 'cancelled', 'timed_out', 'skipped',
     'upstream_failed'))
);

create table floe.attempt (
  run_id uuid not null,
  task_index integer not null,
  epoch bigint not null,
  number integer not null,
  state text not null,
  pool text not null,
  priority integer not null,
  executor_id text,
  token_hash text,
  lease_until timestamptz,
  ready_at timestamptz not null,
  -- When the hint for executors was last put into the outbox.
  published_at timestamptz not null,
  claimed_at timestamptz,
  ended_at timestamptz,
  rows bigint not null default 0,
  bytes bigint not null default 0,
  peak_memory_bytes bigint not null default 0,
  failure jsonb,
  span_id text not null,
  primary key (run_id, task_index, epoch),
  foreign key (run_id, task_index) references floe.task_run (run_id, task_index) on delete cascade,
  constraint attempt_state_check check (state in
    ('ready', 'running', 'succeeded', 'failed', 'cancelled', 'timed_out', 'lost'))
);

-- For the reconciler: hints that nobody took, and leases that ran out.
create index attempt_published_at_idx on floe.attempt (published_at) where state = 'ready';
create index attempt_lease_until_idx on floe.attempt (lease_until) where state = 'running';

grant select, insert, update, delete on floe.run, floe.task_run, floe.attempt to floe_scheduler;
grant select on floe.run, floe.task_run, floe.attempt to floe_reporting;
