-- The history is divided by run id, which begins with the instant at which the run was made. One partition is one table
-- for each of the divided tables, with the same bounds.
create table floe.history_table (
  name text primary key,
  -- References go to tables of lower positions.
  position integer not null,
  storage text not null default '',
  -- The table whose rows these hang on, and by which columns: a foreign key from each partition to its counterpart.
  parent text references floe.history_table (name),
  parent_key text
);

create table floe.history_partition (
  suffix text primary key,
  from_at timestamptz not null,
  to_at timestamptz not null,
  constraint history_partition_bounds_check check (from_at < to_at)
);

grant select on floe.history_table, floe.history_partition to floe_scheduler, floe_reporting;

insert into floe.history_table (name, position, storage, parent, parent_key) values
  ('run', 1, 'fillfactor = 70', null, null),
  ('task_run', 2, 'fillfactor = 70', 'run', 'run_id'),
  ('attempt', 3, '', 'task_run', 'run_id, task_index'),
  ('run_event_batch', 4, '', 'run', 'run_id'),
  ('artifact', 5, '', null, null);

-- The smallest id of an instant.
create function floe.first_id_at(instant timestamptz) returns uuid
language sql immutable strict as $$
  select rpad(lpad(to_hex(floor(extract(epoch from instant) * 1000)::bigint), 12, '0'), 32, '0')::uuid
$$;

-- What there is becomes the first partition. It ends far enough from now that this migration is over by then, also
-- where a scheduler's clock is ahead.
insert into floe.history_partition (suffix, from_at, to_at)
select 'early', '-infinity', date_trunc('day', clock_timestamp(), 'UTC') + interval '2 days';

-- Checked for new rows only; the next migration looks at the others while everybody goes on writing.
do $$
declare
  divided text;
  bound uuid := (select floe.first_id_at(to_at) from floe.history_partition);
begin
  for divided in select name from floe.history_table order by position loop
    execute format('alter table floe.%I add constraint history_bound_check check (run_id < %L) not valid', divided, bound);
  end loop;
end
$$;
