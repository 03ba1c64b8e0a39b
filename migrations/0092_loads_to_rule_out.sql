-- Attempts to rule out a load that nobody has claimed, the one that has waited longest first. There are few, ever.
create index task_run_voiding_idx on floe.task_run (ready_at)
  where rank_at is not null and extra -> 'voiding' is not null;
