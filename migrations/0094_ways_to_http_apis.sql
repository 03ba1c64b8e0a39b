-- Owned by metadata. How an HTTP API is reached and who asks it; certificates and secrets by reference, like passwords.
alter table floe.connection
  add column proxy text not null default '',
  add column proxy_secret_reference text not null default '',
  add column ca_reference text not null default '',
  add column client_certificate_reference text not null default '',
  add column client_key_reference text not null default '';
