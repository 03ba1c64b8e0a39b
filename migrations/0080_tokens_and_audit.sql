-- Owned by the gateway. A token itself is kept nowhere: only its SHA-256, which is enough to recognise 256 random bits.
create table floe.api_token (
  token_id text primary key,
  name text not null,
  sha256 bytea not null,
  scope text not null,
  -- The only workflows that it may see and run; null for all.
  workflow_names text[],
  created_by text not null,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz,
  revoked_at timestamptz,
  revoked_by text,
  last_used_at timestamptz,
  last_used_address text,
  constraint api_token_sha256_key unique (sha256),
  constraint api_token_sha256_check check (octet_length(sha256) = 32),
  constraint api_token_name_check check (name ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
  constraint api_token_scope_check check (scope in ('read', 'run', 'write', 'admin')),
  constraint api_token_workflow_names_check check (cardinality(workflow_names) between 1 and 100)
);

-- A name in a log of deeds means one token at any time.
create unique index api_token_live_name_idx on floe.api_token (name) where revoked_at is null;

-- What was asked of the gateway that changes something. Written before the deed, its result after it: an entry without a
-- result means that the gateway ended in between. Kept for a year, at most a million of them.
create table floe.audit_entry (
  audit_id bigint generated always as identity primary key,
  occurred_at timestamptz not null default clock_timestamp(),
  actor text not null,
  token_id text,
  action text not null,
  object text not null default '',
  address text not null,
  trace_id text not null default '',
  status integer,
  error_code text not null default ''
);

create index audit_entry_occurred_at_idx on floe.audit_entry (occurred_at);
create index audit_entry_actor_idx on floe.audit_entry (actor, audit_id);
create index audit_entry_object_idx on floe.audit_entry (object, audit_id);

grant select, insert, delete on floe.api_token, floe.audit_entry to floe_gateway;
grant update (revoked_at, revoked_by, last_used_at, last_used_address) on floe.api_token to floe_gateway;
grant update (object, status, error_code) on floe.audit_entry to floe_gateway;
