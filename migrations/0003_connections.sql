-- Owned by metadata. The secret is a reference (env:NAME, file:/path), never the secret itself.
create table floe.connection (
  name text primary key,
  host text not null,
  port integer not null,
  database text not null,
  username text not null,
  secret_reference text not null default '',
  ssl_mode text not null default 'disable',
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  constraint connection_name_check check (name ~ '^[a-z][a-z0-9_-]{0,62}$'),
  constraint connection_port_check check (port between 1 and 65535),
  constraint connection_secret_reference_check check (secret_reference ~ '^$|^env:[A-Za-z_][A-Za-z0-9_]*$|^file:/'),
  constraint connection_ssl_mode_check check (ssl_mode in ('disable', 'require', 'verify_full'))
);

grant select, insert, update, delete on floe.connection to floe_metadata;
