-- What an executor offers besides its pool.
alter table floe.executor add column labels text[] not null default '{}';
