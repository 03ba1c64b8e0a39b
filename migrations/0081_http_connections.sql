-- Owned by metadata. A connection may lead to an HTTP API: base_url says where, host and port follow from it.
alter table floe.connection
  add column kind text not null default 'postgres',
  add column base_url text not null default '',
  add column secret_header text not null default '',
  add constraint connection_kind_check check (kind in ('postgres', 'http')),
  add constraint connection_base_url_check check ((kind = 'http') = (base_url ~ '^https?://'));
