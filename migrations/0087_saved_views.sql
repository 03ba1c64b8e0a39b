-- Owned by the gateway. Pages of the console with their filters, to which somebody has given a name.
create table floe.saved_view (
  view_id text primary key,
  -- What the audit log calls whoever saved it, so that a token that replaces another of its name keeps its views.
  owner text not null,
  name text not null,
  -- Path and query within the console.
  address text not null,
  shared boolean not null default false,
  updated_at timestamptz not null default clock_timestamp(),
  constraint saved_view_owner_name_key unique (owner, name),
  constraint saved_view_name_check check (length(name) between 1 and 60),
  constraint saved_view_address_check check (length(address) <= 2000 and address ~ '^/[a-z]*(\?[!-~]*)?$')
);

create index saved_view_shared_idx on floe.saved_view (view_id) where shared;

grant select, insert, update, delete on floe.saved_view to floe_gateway;
