-- Makes and drops partitions: the scheduler may call these, and can change no table otherwise.

-- One table of a partition. It is made beside and then attached, for which nobody has to wait.
create function floe.add_history_leaf(divided floe.history_table, part floe.history_partition) returns void
language plpgsql set search_path = floe, pg_temp as $$
declare
  leaf text := divided.name || '_' || part.suffix;
  statement text;
  low text := case when part.from_at = '-infinity' then 'minvalue' else quote_literal(first_id_at(part.from_at)) end;
begin
  execute format('create table %I (like %I including defaults including constraints including storage)%s', leaf,
    divided.name, case when divided.storage <> '' then ' with (' || divided.storage || ')' else '' end);
  -- With the names that the attached ones of the first partition have.
  for statement in
    select replace(pg_get_indexdef(oid), format('%I ON ONLY floe.%I ', relname, divided.name),
      format('%I ON floe.%I ', leaf || substr(relname, length(divided.name) + 1), leaf))
    from pg_index join pg_class on oid = indexrelid
    where indrelid = divided.name::regclass
      and not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u'))
  loop
    execute statement;
  end loop;
  execute format('alter table %I attach partition %I for values from (%s) to (%L)', divided.name, leaf, low,
    first_id_at(part.to_at));
  if divided.parent is not null then
    execute format('alter table %I add foreign key (%s) references %I on delete cascade', leaf, divided.parent_key,
      divided.parent || '_' || part.suffix);
  end if;
end
$$;

-- A partition of a day or a week until the history reaches `ahead` of them beyond now. Answers how many were made.
create function floe.add_history_partitions(width text, ahead integer) returns integer
language plpgsql security definer set search_path = floe, pg_temp as $$
declare
  step interval := case width when 'day' then interval '1 day' when 'week' then interval '7 days' end;
  part history_partition;
  divided history_table;
  made integer := 0;
begin
  if step is null then
    raise exception 'a partition is a day or a week, not %', width;
  end if;
  if (select max(to_at) from history_partition) >= clock_timestamp() + ahead * step then
    return 0;
  end if;
  perform pg_advisory_xact_lock(4205072);
  -- More than a hundred are a mistake: each costs every query that looks through all of them.
  while made < 100 and (select max(to_at) from history_partition) < clock_timestamp() + ahead * step loop
    part.from_at := (select max(to_at) from history_partition);
    -- Where nobody made any for long, one is for all of that time.
    part.to_at := date_trunc(width, greatest(part.from_at, clock_timestamp()), 'UTC') + step;
    part.suffix := to_char(part.from_at at time zone 'UTC', 'YYYYMMDD');
    insert into history_partition select part.*;
    for divided in select * from history_table order by position loop
      perform add_history_leaf(divided, part);
    end loop;
    made := made + 1;
  end loop;
  return made;
end
$$;

-- Makes the history of another table part of this one: it is empty, divided by range of run_id, and the caller's.
create function floe.join_history(new_table text, storage text, parent text, parent_key text) returns void
language plpgsql set search_path = floe, pg_temp as $$
declare
  joined history_table;
begin
  insert into history_table
  select new_table, max(position) + 1, join_history.storage, join_history.parent, join_history.parent_key
  from history_table
  returning * into joined;
  perform add_history_leaf(joined, p) from history_partition p;
end
$$;

-- Drops the oldest partition that ended this long ago, and of which nothing is needed any more: all of its runs ended
-- at least a day ago, and whoever waits for one of them knows that. Answers its name, or null. Where it has to wait for
-- somebody who reads, it fails soon and is called again: meanwhile others wait behind it.
create function floe.drop_history_partition(keep interval) returns text
language plpgsql security definer set search_path = floe, pg_temp set lock_timeout = '100ms' as $$
declare
  part history_partition;
  is_needed boolean;
begin
  for part in
    select * from history_partition where to_at <= clock_timestamp() - keep order by to_at for update skip locked
  loop
    execute format('select exists (select from %I where ended_at is null or ended_at > clock_timestamp() - interval ''1 day'')',
      'run_' || part.suffix) into is_needed;
    continue when is_needed
      or exists (select from schedule_slot where is_open and run_id < first_id_at(part.to_at))
      or exists (select from backfill_slot where state = 'started' and run_id < first_id_at(part.to_at));
    execute 'drop table ' || (
      select string_agg(quote_ident(name || '_' || part.suffix), ', ' order by position desc) from history_table);
    delete from history_partition where suffix = part.suffix;
    return part.suffix;
  end loop;
  return null;
end
$$;

-- Forgets request ids of runs that are gone, at most so many. Answers how many they were.
create function floe.forget_run_requests(at_most integer) returns integer
language plpgsql security definer set search_path = floe, pg_temp as $$
declare
  forgotten integer;
begin
  delete from run_request where ctid = any(array(
    select ctid from run_request
    where run_id < (select first_id_at(min(from_at)) from history_partition having min(from_at) > '-infinity')
    limit at_most));
  get diagnostics forgotten = row_count;
  return forgotten;
end
$$;

revoke execute on function floe.add_history_leaf, floe.add_history_partitions, floe.join_history,
  floe.drop_history_partition, floe.forget_run_requests from public;
grant execute on function floe.add_history_partitions, floe.drop_history_partition, floe.forget_run_requests
  to floe_scheduler;

-- Every service looks at its start whether it knows the schema.
grant select on floe.migration to floe_metadata, floe_scheduler, floe_reporting, floe_gateway;
