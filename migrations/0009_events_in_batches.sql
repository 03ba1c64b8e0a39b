-- The events that one commit added to one run are one row: the run as it was before them, and what each changed. What
-- an earlier version stored as one event a row is kept as it was said.
create table floe.run_event_batch (
  run_id uuid not null references floe.run (run_id) on delete cascade,
  first_sequence bigint not null,
  last_sequence bigint not null,
  occurred_at timestamptz not null,
  before json not null,
  events json not null,
  primary key (run_id, last_sequence),
  constraint run_event_batch_sequence_check check (last_sequence >= first_sequence)
);

insert into floe.run_event_batch (run_id, first_sequence, last_sequence, occurred_at, before, events)
select run_id, sequence, sequence, occurred_at, '{}', json_build_array(json_strip_nulls(
  json_build_object('type', type, 'task', task_index, 'said', data)))
from floe.run_event;

drop table floe.run_event;

grant select, insert, update, delete on floe.run_event_batch to floe_scheduler;
grant select on floe.run_event_batch to floe_reporting;

-- Of events the outbox says which; they are in run_event_batch. Hints are no longer in it: what is ready is a query.
alter table floe.outbox drop constraint outbox_kind_check;
delete from floe.outbox where kind = 'hint';
update floe.outbox set kind = 'stop' where kind = 'control';
update floe.outbox
set payload = jsonb_build_object('first', payload -> 'sequence', 'last', payload -> 'sequence')
where kind = 'event';
alter table floe.outbox
  drop column traceparent,
  add constraint outbox_kind_check check (kind in ('event', 'stop', 'trace'));
