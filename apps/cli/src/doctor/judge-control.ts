/** What is well and what is not in the control database, each with its mend. Knows neither PostgreSQL nor a clock. */
import type { ControlRole } from '@floe/database';
import { formatDuration, formatPlural } from '../render/amounts.ts';
import { failed, ok, warning, type Finding } from './check.ts';
import type { ControlFacts } from './read-control.ts';

// Rows of the outbox live for milliseconds; two seconds later another scheduler adopts them.
const OUTBOX_AGE_MS_MAX = 10_000;
// A scheduler looks at what is due at least every few seconds.
const OVERDUE_MS_MAX = 15_000;
// Tasks may wait for a free slot; without any executor they wait for a person.
const READY_AGE_MS_MAX = 300_000;
// A message waits a minute when many came before it.
const NOTICE_AGE_MS_MAX = 300_000;
const CLOCK_SKEW_MS_MAX = 1_000;
const DAY_MS = 86_400_000;
// Above this the next service that starts, or the next deploy, finds no room.
const CONNECTIONS_PART_MAX = 0.8;

export function judgeControl(facts: ControlFacts): readonly Finding[] {
  return [
    judgeDurability(facts),
    judgeSettings(facts),
    judgeConnections(facts),
    judgeRoles(facts),
    judgeOutbox(facts),
    judgeSchedulers(facts),
    judgeReadyTasks(facts),
    judgeLeases(facts),
    judgeHistory(facts),
    judgeNotices(facts),
    judgeExecutorClocks(facts),
  ];
}

function judgeDurability({ unsafe_settings: unsafe }: ControlFacts): Finding {
  if (unsafe.length === 0) return ok('durability', 'what is committed is on the disk');
  const mend = 'Turn them on: without, a power cut loses runs that were accepted.';
  return warning('durability', unsafe.join(', '), mend);
}

function judgeSettings({ wrong_settings: wrong, is_read_only: isReadOnly }: ControlFacts): Finding {
  if (isReadOnly) {
    const mend =
      'Name the primary in FLOE_DATABASE_URL, or turn default_transaction_read_only off: a full disk may be why it is on.';
    return failed('settings', 'the control database takes no writes', mend);
  }
  if (wrong.length === 0) return ok('settings', 'as Floe needs them');
  const mend = wrong.some((setting) => setting.startsWith('server_encoding'))
    ? 'Make a database with encoding UTF8: other ones cannot hold every name and message.'
    : 'Turn them on: without, tables of which much is deleted grow for ever and plans get worse.';
  return warning('settings', wrong.join(', '), mend);
}

function judgeConnections({ connections_used: used, connections_max: max }: ControlFacts): Finding {
  const found = `${used} of ${max} connections in use`;
  if (used <= max * CONNECTIONS_PART_MAX) return ok('connections', found);
  const mend = 'Raise max_connections, or see in pg_stat_activity who else takes so many.';
  return used < max ? warning('connections', found, mend) : failed('connections', found, mend);
}

export type Pools = {
  readonly poolSizes: Readonly<Record<ControlRole, number>>;
  readonly schedulers: number;
};

/** What services may take, not what they take now: a busy hour must not be when it turns out to be too much. */
export function judgePools(
  { connections_max: max }: Pick<ControlFacts, 'connections_max'>,
  { poolSizes, schedulers }: Pools,
): Finding {
  const { floe_scheduler: each, floe_metadata, floe_reporting, floe_gateway } = poolSizes;
  const wanted = schedulers * each + floe_metadata + floe_reporting + floe_gateway;
  const found = `${formatPlural(schedulers, 'scheduler')} and one of each other service take up to ${wanted} of ${max}`;
  if (wanted <= max) return ok('pools', found);
  const mend = `Set max_connections above ${wanted}, or run fewer schedulers; each takes ${each}.`;
  return warning('pools', found, mend);
}

function judgeRoles(facts: ControlFacts): Finding {
  const { roles_missing: roles, grants_missing: missing, grants_too_many: tooMany } = facts;
  if (roles.length > 0) {
    const mend = 'Run floe db migrate as a user that may create roles and grant them.';
    return failed('roles', `not there, or not granted: ${roles.join(', ')}`, mend);
  }
  if (missing.length > 0) {
    return failed(
      'roles',
      missing.join(', '),
      'Run floe db migrate; it grants what services need.',
    );
  }
  if (tooMany.length === 0) return ok('roles', 'each service writes its own tables and no others');
  return warning('roles', tooMany.join(', '), 'Revoke it: each table has one service that writes.');
}

function judgeOutbox({ outbox_rows: rows, outbox_age: age }: ControlFacts): Finding {
  const found = `${formatPlural(rows, 'row')}${age === null ? '' : `, the oldest ${formatDuration(age)} old`}`;
  if (age === null || age <= OUTBOX_AGE_MS_MAX) return ok('outbox', found);
  const mend = 'Events do not leave: see whether a scheduler runs, and whether it reaches NATS.';
  return failed('outbox', found, mend);
}

function judgeSchedulers({ run_overdue: run, schedule_overdue: schedule }: ControlFacts): Finding {
  const overdue = Math.max(run ?? 0, schedule ?? 0);
  if (overdue <= OVERDUE_MS_MAX) return ok('schedulers', 'nothing that is due waits');
  const what = overdue === run ? 'a run' : 'a schedule';
  const found = `${what} should have been looked at ${formatDuration(overdue)} ago`;
  return failed(
    'schedulers',
    found,
    'Start a scheduler, or look into the log of the one that runs.',
  );
}

function judgeReadyTasks(facts: ControlFacts): Finding {
  const { ready_age: age, ready_pool: pool, ready_pool_executors: executors } = facts;
  if (age === null) return ok('queue', 'no task waits for an executor');
  const found = `the oldest ready task waits for ${formatDuration(age)}, in pool ${pool ?? ''}`;
  if (executors === 0) {
    const mend = `Start an executor of that pool: FLOE_EXECUTOR_POOL=${pool ?? ''}.`;
    return failed('queue', `${found}, which has no executor`, mend);
  }
  if (age <= READY_AGE_MS_MAX) return ok('queue', found);
  return warning('queue', found, 'Start more executors, or see which labels the task asks for.');
}

function judgeLeases({ lease_overdue: overdue }: ControlFacts): Finding {
  if (overdue === null || overdue <= OVERDUE_MS_MAX) return ok('leases', 'none ran out unseen');
  const found = `one ran out ${formatDuration(overdue)} ago, and its attempt still counts as running`;
  return failed('leases', found, 'A scheduler has to end it: start one, or look into its log.');
}

function judgeHistory({ history_ahead: ahead }: ControlFacts): Finding {
  const found = `there is room for runs of the next ${formatDuration(Math.max(ahead ?? 0, 0))}`;
  if ((ahead ?? 0) > DAY_MS) return ok('history', found);
  return failed('history', found, 'A scheduler makes new partitions: look into its log.');
}

function judgeNotices(facts: ControlFacts): Finding {
  const { notices_waiting: waiting, notice_age: age, notices_failed: given } = facts;
  const found = `${waiting} waiting${age === null ? '' : ` for up to ${formatDuration(age)}`}, ${given} failed since yesterday`;
  if ((age ?? 0) <= NOTICE_AGE_MS_MAX && given === 0) return ok('notices', found);
  const mend = 'The column problem of floe.notice says why; the log of metadata too.';
  return warning('notices', found, mend);
}

function judgeExecutorClocks({ executor_skew: skew, executor_skew_of: executor }: ControlFacts) {
  if (skew === null) return ok('executor clocks', 'no attempt to judge by');
  if (Math.abs(skew) <= CLOCK_SKEW_MS_MAX) return ok('executor clocks', 'as that of PostgreSQL');
  const side = skew < 0 ? 'behind' : 'ahead of';
  const found = `that of ${executor ?? 'one'} is ${formatDuration(Math.abs(skew))} ${side} PostgreSQL's`;
  return warning('executor clocks', found, 'Let its machine take its time from NTP.');
}
