-- A task whose dataset went missing is done again within its run: a new generation of the task run.
alter table floe.task_run add column generation integer not null default 1;

-- An end stays an end within a generation. Only what had succeeded begins another, one at a time.
drop trigger task_run_terminal_state_absorbs on floe.task_run;
create trigger task_run_terminal_state_absorbs
before update of state on floe.task_run
for each row
when (old.state in ('succeeded', 'failed', 'cancelled', 'timed_out', 'skipped', 'upstream_failed')
  and new.state is distinct from old.state
  and not (old.state = 'succeeded' and new.generation > old.generation))
execute function floe.refuse_change_of_terminal_state();
