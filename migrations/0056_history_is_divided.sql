-- breaking
-- The tables as they are become the first partition. Nothing is read or copied: what holds writers up is changes of the
-- catalogue, some tens of milliseconds. A scheduler of the version before cannot start runs after this.
alter table floe.run_place drop constraint run_place_run_id_fkey;
drop index floe.run_request_id_key;
drop trigger run_copies_request_id on floe.run;
drop function floe.copy_request_id();
drop trigger run_takes_schedule_slot on floe.run;
drop trigger run_takes_backfill_slot on floe.run;
drop trigger run_terminal_state_absorbs on floe.run;
drop trigger task_run_terminal_state_absorbs on floe.task_run;
drop trigger attempt_terminal_state_absorbs on floe.attempt;
alter table floe.artifact drop constraint artifact_pkey;
alter table floe.artifact add constraint artifact_pkey primary key using index artifact_page_key;

-- Names of indexes and what a table is granted go to the table that stands for all partitions.
do $$
declare
  divided text;
  leaf text;
  statement text;
  statements text[];
begin
  for divided in select name from floe.history_table order by position loop
    leaf := divided || '_early';
    select array_agg(change order by place) into statements from (
      select 1 as place, format('alter table floe.%I add constraint %I %s', divided, conname, pg_get_constraintdef(oid)) as change
      from pg_constraint
      where conrelid = ('floe.' || divided)::regclass and contype in ('c', 'p', 'u') and conname <> 'history_bound_check'
      union all
      select 2, pg_get_indexdef(indexrelid) from pg_index i
      where indrelid = ('floe.' || divided)::regclass and not exists (select from pg_constraint where conindid = i.indexrelid and contype in ('p', 'u'))
      union all
      select 3, format('grant %s on floe.%I to %I', privilege_type, divided, grantee::regrole::text)
      from pg_class, aclexplode(relacl) where oid = ('floe.' || divided)::regclass and grantee <> relowner
      union all
      select 4, format('revoke all on floe.%I from %I', leaf, grantee::regrole::text)
      from pg_class, aclexplode(relacl) where oid = ('floe.' || divided)::regclass and grantee <> relowner
    ) changes;
    for statement in
      select format('alter index floe.%I rename to %I', relname, leaf || substr(relname, length(divided) + 1))
      from pg_index join pg_class on oid = indexrelid where indrelid = ('floe.' || divided)::regclass
    loop
      execute statement;
    end loop;
    execute format('alter table floe.%I rename to %I', divided, leaf);
    execute format('create table floe.%I (like floe.%I including defaults including storage) partition by range (run_id)',
      divided, leaf);
    foreach statement in array statements loop
      execute statement;
    end loop;
    execute format('alter table floe.%I attach partition floe.%I for values from (minvalue) to (%L)', divided, leaf,
      (select floe.first_id_at(to_at) from floe.history_partition));
    execute format('alter table floe.%I drop constraint history_bound_check', leaf);
  end loop;
end
$$;

-- A terminal state never changes, in whichever partition.
create trigger run_terminal_state_absorbs
before update of state on floe.run
for each row
when (old.state in ('succeeded', 'failed', 'cancelled', 'timed_out') and new.state is distinct from old.state)
execute function floe.refuse_change_of_terminal_state();

create trigger task_run_terminal_state_absorbs
before update of state on floe.task_run
for each row
when (old.state in ('succeeded', 'failed', 'cancelled', 'timed_out', 'skipped', 'upstream_failed')
  and new.state is distinct from old.state
  and not (old.state = 'succeeded' and new.generation > old.generation))
execute function floe.refuse_change_of_terminal_state();

create trigger attempt_terminal_state_absorbs
before update of state on floe.attempt
for each row
when (old.state in ('succeeded', 'failed', 'cancelled', 'timed_out', 'lost') and new.state is distinct from old.state)
execute function floe.refuse_change_of_terminal_state();

-- A run of a slot takes the slot together with its request id, or is not stored.
create trigger run_request_takes_schedule_slot
before insert on floe.run_request
for each row
when (new.request_id like 'slot:%')
execute function floe.take_schedule_slot();

create trigger run_request_takes_backfill_slot
before insert on floe.run_request
for each row
when (new.request_id like 'backfill:%')
execute function floe.take_backfill_slot();

-- Some days at once, so that a scheduler that starts has them.
select floe.add_history_partitions('week', 1);
