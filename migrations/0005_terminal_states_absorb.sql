-- A terminal state never changes, whatever the code above believes. A rerun is another run.
create function floe.refuse_change_of_terminal_state() returns trigger
language plpgsql as $$
begin
  raise exception '% % is % and cannot become %', tg_table_name, old.run_id, old.state, new.state
    using errcode = 'integrity_constraint_violation';
end
$$;

create trigger run_terminal_state_absorbs
before update of state on floe.run
for each row
when (old.state in ('succeeded', 'failed', 'cancelled', 'timed_out') and new.state is distinct from old.state)
execute function floe.refuse_change_of_terminal_state();

create trigger task_run_terminal_state_absorbs
before update of state on floe.task_run
for each row
when (old.state in ('succeeded', 'failed', 'cancelled', 'timed_out', 'skipped', 'upstream_failed')
  and new.state is distinct from old.state)
execute function floe.refuse_change_of_terminal_state();

create trigger attempt_terminal_state_absorbs
before update of state on floe.attempt
for each row
when (old.state in ('succeeded', 'failed', 'cancelled', 'timed_out', 'lost') and new.state is distinct from old.state)
execute function floe.refuse_change_of_terminal_state();
