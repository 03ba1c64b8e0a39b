-- Owned by metadata, written by the triggers below: where imported runs belong and who started them, and how many there are
-- of each. Lists search these few names, and not the runs.
create table floe.legacy_run_place (
  place text primary key,
  workflow_id text not null,
  workflow_name text not null,
  job_name text not null,
  folder_name text not null,
  workspace_name text not null,
  run_by text not null
);

create table floe.legacy_run_count (
  -- Of the start; the runs of all days together are those of -infinity.
  day date not null,
  place text not null references floe.legacy_run_place (place),
  run_status text not null,
  runs bigint not null,
  primary key (day, place, run_status)
);

create function floe.place_of(
  workflow_id text, workflow_name text, job_name text, folder_name text, workspace_name text, run_by text) returns text
language sql immutable strict parallel safe as $$
  select md5(workflow_id || chr(31) || workflow_name || chr(31) || job_name || chr(31) || folder_name || chr(31)
    || workspace_name || chr(31) || run_by)
$$;

-- In the order of the keys, so that two importers wait for each other and not for ever.
create function floe.count_legacy_runs() returns trigger
language plpgsql set search_path = floe, pg_temp as $$
begin
  if tg_op <> 'INSERT' then
    update legacy_run_count c set runs = c.runs - gone.runs
    from (
      select counted.day, place_of(workflow_id, workflow_name, job_name, folder_name, workspace_name, run_by) as place,
        run_status, count(*) as runs
      from removed cross join lateral (values (day_of(start_timestamp)), ('-infinity'::date)) counted(day)
      group by 1, 2, 3 order by 1, 2, 3
    ) gone
    where c.day = gone.day and c.place = gone.place and c.run_status = gone.run_status;
  end if;
  if tg_op <> 'DELETE' then
    insert into legacy_run_place (place, workflow_id, workflow_name, job_name, folder_name, workspace_name, run_by)
    select distinct place_of(workflow_id, workflow_name, job_name, folder_name, workspace_name, run_by), workflow_id,
      workflow_name, job_name, folder_name, workspace_name, run_by
    from added order by 1
    on conflict (place) do nothing;
    insert into legacy_run_count as c (day, place, run_status, runs)
    select counted.day, place_of(workflow_id, workflow_name, job_name, folder_name, workspace_name, run_by), run_status,
      count(*)
    from added cross join lateral (values (day_of(start_timestamp)), ('-infinity'::date)) counted(day)
    group by 1, 2, 3 order by 1, 2, 3
    on conflict (day, place, run_status) do update set runs = c.runs + excluded.runs;
  end if;
  return null;
end
$$;

create trigger legacy_run_is_counted after insert on floe.legacy_run
referencing new table as added for each statement execute function floe.count_legacy_runs();
create trigger legacy_run_is_counted_anew after update on floe.legacy_run
referencing old table as removed new table as added for each statement execute function floe.count_legacy_runs();
create trigger legacy_run_is_counted_off after delete on floe.legacy_run
referencing old table as removed for each statement execute function floe.count_legacy_runs();

-- Those that are there: the triggers hold importers up until this is done.
insert into floe.legacy_run_place (place, workflow_id, workflow_name, job_name, folder_name, workspace_name, run_by)
select distinct floe.place_of(workflow_id, workflow_name, job_name, folder_name, workspace_name, run_by), workflow_id,
  workflow_name, job_name, folder_name, workspace_name, run_by
from floe.legacy_run;
insert into floe.legacy_run_count (day, place, run_status, runs)
select counted.day, floe.place_of(workflow_id, workflow_name, job_name, folder_name, workspace_name, run_by), run_status,
  count(*)
from floe.legacy_run
cross join lateral (values (floe.day_of(start_timestamp)), ('-infinity'::date)) counted(day)
group by 1, 2, 3;

grant select, insert, update, delete on floe.legacy_run_place, floe.legacy_run_count to floe_metadata;
grant select on floe.legacy_run_place, floe.legacy_run_count to floe_reporting;
