-- What an executor must offer besides its pool to take the task; null when nothing, so that who offers nothing never
-- looks at the others.
alter table floe.task_run add column labels text[];

drop index floe.task_run_queue_idx;
create index task_run_queue_idx on floe.task_run (pool, lane, rank_at) where rank_at is not null and labels is null;
create index task_run_labelled_idx on floe.task_run (pool, lane, rank_at)
  where rank_at is not null and labels is not null;
