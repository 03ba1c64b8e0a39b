-- Owned by metadata. Of a mail that some of its recipients took: who is still to get it. Null while it is for all.
alter table floe.notice add column owed_to text[];
