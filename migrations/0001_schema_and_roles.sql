-- One schema for all of Floe and one role for each service that writes. Roles belong to the whole PostgreSQL
-- cluster, so another database may have made them already, perhaps at this very moment.
create schema if not exists floe;

do $$
declare
  wanted text;
begin
  foreach wanted in array array['floe_metadata', 'floe_scheduler', 'floe_reporting', 'floe_gateway'] loop
    begin
      if not exists (select from pg_roles where rolname = wanted) then
        execute format('create role %I nologin', wanted);
      end if;
    exception when duplicate_object or unique_violation then
      null;
    end;
    begin
      if not pg_has_role(current_user, wanted, 'set') then
        execute format('grant %I to current_user', wanted);
      end if;
    exception when unique_violation then
      null;
    end;
    execute format('grant usage on schema floe to %I', wanted);
  end loop;
end
$$;
