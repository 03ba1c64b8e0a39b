-- A ready task waits in task_run, in the queue of its pool and lane; its attempt comes into being when it is claimed.
alter table floe.task_run
  add column pool text not null default 'default',
  -- slot (a worker process of its own) or light (within the executor, many at once)
  add column lane text not null default 'slot',
  -- Its place in the queue, in milliseconds: the smallest goes first. Null while it is not ready.
  add column rank_at bigint,
  -- What the engine keeps of few tasks: items, further deadlines.
  add column extra jsonb,
  add constraint task_run_lane_check check (lane in ('slot', 'light'));

update floe.task_run t
set pool = a.pool, rank_at = floor(extract(epoch from a.ready_at) * 1000) - a.priority * 60000
from floe.attempt a
where a.run_id = t.run_id and a.task_index = t.task_index and a.epoch = t.epoch
  and a.state = 'ready' and t.state = 'ready';

delete from floe.attempt where state = 'ready';

create index task_run_queue_idx on floe.task_run (pool, lane, rank_at) where rank_at is not null;

drop index floe.attempt_published_at_idx;
drop index floe.attempt_lease_until_idx;
alter table floe.attempt
  drop column published_at,
  drop column pool,
  drop column priority,
  drop constraint attempt_state_check,
  add constraint attempt_state_check check (state in
    ('running', 'succeeded', 'failed', 'cancelled', 'timed_out', 'lost'));
-- The lease ends with the attempt, so what has one is running.
update floe.attempt set lease_until = null where state <> 'running';
create index attempt_lease_until_idx on floe.attempt (lease_until) where lease_until is not null;

-- Each row is written two or three times within seconds: room on its page spares the indexes most of that.
alter table floe.task_run set (fillfactor = 70);
alter table floe.run set (fillfactor = 70);

-- Why and how far the run is being stopped; cancel_requested_at and cancel_reason stay for people.
alter table floe.run add column cancel jsonb;
