-- When the work of an attempt began, by the clock of its executor. It decides nothing: it says where time went.
alter table floe.attempt add column began_at timestamptz;
