-- Reads everything once; nobody waits for it.
alter table floe.run validate constraint history_bound_check;
alter table floe.task_run validate constraint history_bound_check;
alter table floe.attempt validate constraint history_bound_check;
alter table floe.run_event_batch validate constraint history_bound_check;
alter table floe.artifact validate constraint history_bound_check;
