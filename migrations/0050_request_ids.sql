-- Owned by the scheduler: which run a request id started. A table of its own, because its key cannot hold the run id by
-- which the history is divided. Rows go with the history of their runs.
create table floe.run_request (
  request_id text primary key,
  run_id uuid not null,
  -- SHA-256 of what the request asked for: the same request id with another digest is refused.
  request_digest text
);

-- Rows come in the order of their run ids, so a summary of each range of pages finds the old ones.
create index run_request_run_id_idx on floe.run_request using brin (run_id) with (pages_per_range = 16);

grant select, insert, delete on floe.run_request to floe_scheduler;

-- A scheduler of the version before writes only floe.run: what it accepts is known here too.
create function floe.copy_request_id() returns trigger
language plpgsql as $$
begin
  insert into floe.run_request (request_id, run_id, request_digest)
  values (new.request_id, new.run_id, new.request_digest)
  on conflict do nothing;
  return null;
end
$$;

create trigger run_copies_request_id
after insert on floe.run
for each row
when (new.request_id is not null)
execute function floe.copy_request_id();
