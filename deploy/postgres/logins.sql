-- A login for each service, which may do what its role may and nothing else: none can write the tables of another, none
-- can change the schema. After `floe db migrate` as the owner of the database; then give each a password:
--   \password floe_scheduler_login
-- and each service its own FLOE_DATABASE_URL. Executors have none: they never speak to the control database.
create role floe_metadata_login login in role floe_metadata;
create role floe_scheduler_login login in role floe_scheduler;
create role floe_reporting_login login in role floe_reporting;
create role floe_gateway_login login in role floe_gateway;
