-- A run may do again what another one did not do well, or stand for a task of another run.
alter table floe.run
  add column retry_of uuid,
  add column parent_run_id uuid,
  add column parent_task_index integer,
  add column parent_epoch bigint,
  -- How many runs stand above it: bounded, so that a workflow that runs itself ends.
  add column depth smallint not null default 0;

create index run_parent_idx on floe.run (parent_run_id, parent_task_index) where parent_run_id is not null;

-- What a person answered to an approval.
alter table floe.task_run add column answer jsonb;

-- Positions of the items that an attempt is for, as ranges.
alter table floe.attempt add column items text;

-- relay: what one run makes another do: start a child, cancel it, tell the parent, take a free place.
alter table floe.outbox
  drop constraint outbox_kind_check,
  add constraint outbox_kind_check check (kind in ('event', 'stop', 'trace', 'relay'));
