-- What tasks have made, for later runs that would make the same of the same. Owned by the scheduler.
create table floe.task_result (
  -- SHA-256 over the text of the task, its parameters and the content of its inputs.
  key text primary key,
  run_id uuid not null,
  -- When the work began that made it.
  made_at timestamptz not null,
  -- After this nobody uses it.
  expires_at timestamptz not null,
  rows bigint not null,
  bytes bigint not null,
  dataset jsonb not null
);

create index task_result_expires_at_idx on floe.task_result (expires_at);

grant select, insert, update, delete on floe.task_result to floe_scheduler;
grant select on floe.task_result to floe_reporting;

-- The run whose result a task has, where it did not make its own.
alter table floe.task_run add column known_from uuid;

-- The run does all of its work itself, whatever is known.
alter table floe.run add column ignores_known boolean not null default false;
