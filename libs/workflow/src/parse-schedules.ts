import {
  createZones,
  defaultClockChange,
  nextSlot,
  parseCron,
  type Schedule,
  timetableOf,
  type Zones,
  zoneNames,
} from '@floe/schedule';
import { checkFields } from './check-fields.ts';
import { describeValue } from './describe-value.ts';
import { parseDurationMs } from './duration.ts';
import { type Findings, nameHint } from './findings.ts';
import { DEFAULT_TIMEZONE, SCHEDULE_COUNT_MAX } from './limits.ts';
import { readSlotParameters, type SlotParameterCheck } from './slot-parameters.ts';
import { type ScheduleFields, scheduleFields } from './schedule-fields.ts';

type Parsing = { readonly findings: Findings; readonly zones: Zones };

/** The `schedules` of a document, in its order; those with errors are absent. */
export function parseSchedules(
  findings: Findings,
  value: unknown,
  parameters: Pick<SlotParameterCheck, 'specs' | 'names'>,
): readonly Schedule[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    const hint = 'Write a list: `- cron: "0 6 * * *"`.';
    findings.add(['schedules'], `must be a list, not ${describeValue(value)}`, { hint });
    return [];
  }
  if (value.length > SCHEDULE_COUNT_MAX) {
    findings.addAtKey(
      ['schedules'],
      `${value.length} schedules; at most ${SCHEDULE_COUNT_MAX} are allowed`,
    );
    return [];
  }
  const parsing = { findings, zones: createZones() };
  const schedules = value.flatMap((entry: unknown, index) => {
    const path = ['schedules', index];
    const fields = checkFields(findings, scheduleFields, { value: entry, path });
    if (fields === undefined) return [];
    const given = { ...parameters, path: [...path, 'parameters'], given: fields.parameters ?? {} };
    const schedule = parseSchedule(parsing, fields, index);
    return schedule === undefined
      ? []
      : [{ ...schedule, parameters: readSlotParameters(findings, given) }];
  });
  refuseDoubleNames(findings, schedules);
  return schedules;
}

function parseSchedule(
  parsing: Parsing,
  fields: ScheduleFields,
  index: number,
): Omit<Schedule, 'parameters'> | undefined {
  const timezone = fields.timezone ?? DEFAULT_TIMEZONE;
  const isZone = checkZone(parsing, timezone, index);
  const timing = timingOf(parsing.findings, fields, index);
  if (timing === undefined || !isZone) return undefined;
  const schedule = {
    name: fields.name ?? `schedule-${index + 1}`,
    description: fields.description ?? '',
    ...timing,
    timezone,
    overlap: fields.overlap ?? 'skip',
    catchupMs: fields.catchup === undefined ? 0 : (parseDurationMs(fields.catchup) ?? 0),
    jitterMs: fields.jitter === undefined ? 0 : parseDurationMs(fields.jitter)!,
    paused: fields.paused ?? false,
  };
  refuseNever(parsing, { ...schedule, parameters: {} }, index);
  return schedule;
}

type Timing = Pick<Schedule, 'cron' | 'everyMs' | 'dst'>;

function timingOf(findings: Findings, fields: ScheduleFields, index: number): Timing | undefined {
  const path = ['schedules', index];
  if ((fields.cron === undefined) === (fields.every === undefined)) {
    const message = fields.cron === undefined ? 'says neither `cron` nor `every`' : 'says both';
    findings.add(path, `a schedule has \`cron\` or \`every\`, one of the two; this one ${message}`);
    return undefined;
  }
  if (fields.every === undefined) return cronTiming(findings, fields, index);
  if (fields.dst !== undefined) {
    findings.addAtKey([...path, 'dst'], 'an interval knows no clock: `dst` goes with `cron` only');
  }
  return { everyMs: parseDurationMs(fields.every)! };
}

function cronTiming(
  findings: Findings,
  { cron, dst }: ScheduleFields,
  index: number,
): Timing | undefined {
  const reading = parseCron(cron!);
  if (reading.kind === 'problem') {
    findings.add(['schedules', index, 'cron'], reading.message, { hint: reading.hint });
    return undefined;
  }
  const rules = defaultClockChange(reading.cron);
  return {
    cron: reading.cron.text,
    dst: { gap: dst?.gap ?? rules.gap, overlap: dst?.overlap ?? rules.overlap },
  };
}

function checkZone({ findings, zones }: Parsing, timezone: string, index: number): boolean {
  if (zones.find(timezone) !== undefined) return true;
  const hint = nameHint(timezone, zoneNames()) ?? 'Write an IANA name, like Europe/Oslo.';
  const path = ['schedules', index, 'timezone'];
  findings.add(path, `no time zone is named \`${timezone.slice(0, 64)}\``, { hint });
  return false;
}

// Whether there is any slot does not depend on where the search begins; a fixed instant keeps the answer the same.
const SEARCH_FROM = Date.UTC(2026, 0, 1);

function refuseNever({ findings, zones }: Parsing, schedule: Schedule, index: number): void {
  const timetable = timetableOf(schedule, zones);
  if (timetable !== undefined && nextSlot(timetable, SEARCH_FROM) !== undefined) return;
  const hint = 'Its times exist only within the hour that summer time takes away.';
  findings.add(['schedules', index, 'cron'], 'is never due by these `dst` rules', { hint });
}

function refuseDoubleNames(findings: Findings, schedules: readonly Schedule[]): void {
  const seen = new Set<string>();
  for (const [index, { name }] of schedules.entries()) {
    if (seen.has(name)) {
      findings.add(['schedules', index, 'name'], `two schedules are named \`${name}\``, {
        hint: 'Give each a name of its own.',
      });
    }
    seen.add(name);
  }
}
