-- What was accepted before the trigger came. Reads and writes rows only: nobody waits for it.
insert into floe.run_request (request_id, run_id, request_digest)
select request_id, run_id, request_digest from floe.run where request_id is not null
order by run_id
on conflict do nothing;
