import { type Cron, type DaysOfMonth, HOURS_PER_DAY, type Weekdays } from './cron.ts';
import { CronProblem, type FieldRange, readValue, valuesOfPart } from './cron-field.ts';
import { CRON_LENGTH_MAX } from './limits.ts';

export type CronReading =
  | { readonly kind: 'cron'; readonly cron: Cron }
  | { readonly kind: 'problem'; readonly message: string; readonly hint?: string };

const SECONDS: FieldRange = { name: 'seconds', min: 0, max: 59 };
const MINUTES: FieldRange = { name: 'minutes', min: 0, max: 59 };
const HOURS: FieldRange = { name: 'hours', min: 0, max: 23 };
const DAYS: FieldRange = { name: 'days of the month', min: 1, max: 31 };
const MONTHS: FieldRange = {
  name: 'months',
  min: 1,
  max: 12,
  words: wordsFrom('jan feb mar apr may jun jul aug sep oct nov dec', 1),
};
/** 7 is Sunday as well, so that ranges like 5-7 can be written. */
const WEEKDAYS: FieldRange = {
  name: 'weekdays',
  min: 0,
  max: 7,
  words: wordsFrom('sun mon tue wed thu fri sat', 0),
};

const NICKNAMES: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

/**
 * Reads a cron line: five fields (minute, hour, day of the month, month, weekday), six with seconds in front, or a
 * nickname like `@daily`. Besides numbers it knows names (`mon`, `jan`), `L` and `L-2` (the last day of the month, and
 * two before), `fri#2` (the second Friday), `friL` (the last one), and `?` for `*`. When both days of the month and
 * weekdays are restricted a day needs to be one of either, as cron has it. A date that never comes is a problem.
 */
export function parseCron(text: string): CronReading {
  try {
    return { kind: 'cron', cron: readCron(text) };
  } catch (error) {
    if (!(error instanceof CronProblem)) throw error;
    const { message, hint } = error;
    return { kind: 'problem', message, ...(hint !== undefined && { hint }) };
  }
}

function readCron(text: string): Cron {
  if (text.length > CRON_LENGTH_MAX) {
    throw new CronProblem(`a cron line has at most ${CRON_LENGTH_MAX} characters`);
  }
  const fields = fieldsOf(text.trim().toLowerCase());
  const [seconds, minutes, hours, days, months, weekdays] = fields as [string, ...string[]];
  const cron: Cron = {
    text: text.trim(),
    seconds: values(seconds, SECONDS),
    minutes: values(minutes!, MINUTES),
    hours: values(hours!, HOURS),
    days: readDays(days!),
    months: new Set(values(months!, MONTHS)),
    weekdays: readWeekdays(weekdays!),
    isRhythm: false,
  };
  refuseImpossible(cron);
  const isStarred = seconds.startsWith('*') || minutes!.startsWith('*');
  return { ...cron, isRhythm: isStarred || cron.hours.length === HOURS_PER_DAY };
}

function fieldsOf(line: string): string[] {
  if (line.startsWith('@')) return ['0', ...nickname(line).split(' ')];
  const fields = line.split(/\s+/);
  if (fields.length === 5) return ['0', ...fields];
  if (fields.length === 6) return fields;
  throw new CronProblem(
    `a cron line has 5 fields, or 6 with seconds in front; here are ${line === '' ? 0 : fields.length}`,
    'minute hour day-of-month month weekday, like `0 6 * * mon-fri`.',
  );
}

function nickname(word: string): string {
  const line = NICKNAMES[word];
  if (line !== undefined) return line;
  const hint = word.startsWith('@every')
    ? 'Write `every: 90m` in place of `cron`.'
    : `Known are ${Object.keys(NICKNAMES).join(', ')}.`;
  throw new CronProblem(`\`${word}\` is not a known nickname`, hint);
}

function values(field: string, range: FieldRange): number[] {
  const found = new Set<number>();
  for (const part of field.split(',')) {
    for (const value of valuesOfPart(part, range)) found.add(value);
  }
  return [...found].toSorted((a, b) => a - b);
}

function readDays(field: string): DaysOfMonth {
  const days = new Set<number>();
  const fromEnd = new Set<number>();
  for (const part of field.split(',')) {
    const last = /^l(?:-(\d{1,2}))?$/.exec(part);
    if (last !== null) fromEnd.add(daysBeforeLast(last[1] ?? '0'));
    else if (part.endsWith('w')) throw refuseNearestWeekday(part);
    else for (const day of valuesOfPart(part === '?' ? '*' : part, DAYS)) days.add(day);
  }
  return { isOpen: isOpen(field), days, fromEnd };
}

function daysBeforeLast(text: string): number {
  const count = Number(text);
  // The shortest month has 28 days: further back some months would have no such day by surprise.
  if (count <= 27) return count;
  throw new CronProblem(`\`L-${text}\` reaches beyond the shortest month; at most L-27`);
}

function refuseNearestWeekday(part: string): CronProblem {
  return new CronProblem(
    `\`${part.toUpperCase()}\` (the nearest weekday) is not supported`,
    'Name the day, the weekday, or the last day with L.',
  );
}

function readWeekdays(field: string): Weekdays {
  const days = new Set<number>();
  const nth = new Set<number>();
  const last = new Set<number>();
  for (const part of field.split(',')) {
    const numbered = /^([a-z0-9]+)#(\d+)$/.exec(part);
    const final = /^([a-z0-9]+)l$/.exec(part);
    if (numbered !== null) nth.add(weekday(numbered[1]!) * 10 + ordinal(numbered[2]!));
    else if (final !== null) last.add(weekday(final[1]!));
    else for (const day of valuesOfPart(part === '?' ? '*' : part, WEEKDAYS)) days.add(day % 7);
  }
  return { isOpen: isOpen(field), days, nth, last };
}

function weekday(text: string): number {
  return readValue(text, WEEKDAYS) % 7;
}

function ordinal(text: string): number {
  const number = Number(text);
  if (number >= 1 && number <= 5) return number;
  throw new CronProblem(`\`#${text}\`: a month has the first to the fifth of a weekday`);
}

function isOpen(field: string): boolean {
  return field.startsWith('*') || field === '?';
}

const LONGEST_MONTH = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A line like `0 0 30 2 *` would wait for ever. */
function refuseImpossible({ days, months, weekdays }: Cron): void {
  if (!weekdays.isOpen || days.fromEnd.size > 0) return;
  const isPossible = [...months].some((month) =>
    [...days.days].some((day) => day <= LONGEST_MONTH[month - 1]!),
  );
  if (isPossible) return;
  const first = Math.min(...days.days);
  throw new CronProblem(
    `day ${first} never comes in the months ${[...months].join(', ')}`,
    'The last day of a month is L.',
  );
}

function wordsFrom(words: string, first: number): ReadonlyMap<string, number> {
  return new Map(words.split(' ').map((word, index) => [word, first + index]));
}
