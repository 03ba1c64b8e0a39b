import { expect, test } from 'vitest';
import { SOME_TASK_TYPES } from '../test/some-task-types.ts';
import { violationLines } from '../test/violations-of.ts';
import { parseWorkflow } from './parse-workflow.ts';

const PARAMS = `params:
  since: { type: date }
  at: { type: datetime, required: false }
  limit: { type: integer, default: 10, enum: [10, 20] }
`;

function aDocument(schedules: string, params = PARAMS): string {
  return `name: x\n${params}tasks:\n  a: { type: noop }\nschedules:\n${schedules}`;
}

const parse = (text: string) => parseWorkflow(text, { taskTypes: SOME_TASK_TYPES }).workflow;
const linesOf = (schedules: string, params = '') =>
  violationLines(() => parse(aDocument(schedules, params)));

test('reads every field into the normal form', () => {
  const text = `  - name: morning
    cron: "*/30 6-8 * * mon-fri"
    timezone: Europe/Oslo
    overlap: queue
    catchup: 1d
    jitter: 90s
    dst: { gap: skip }
    parameters: { since: "\${{ slot.previous_date }}", at: "\${{slot.time}}", limit: 20 }
    paused: true
`;
  expect(parse(aDocument(text)).schedules).toEqual([
    {
      name: 'morning',
      description: '',
      cron: '*/30 6-8 * * mon-fri',
      timezone: 'Europe/Oslo',
      overlap: 'queue',
      catchupMs: 86_400_000,
      jitterMs: 90_000,
      dst: { gap: 'skip', overlap: 'both' },
      parameters: { since: { slot: 'previous_date' }, at: { slot: 'time' }, limit: '20' },
      paused: true,
    },
  ]);
});

test('the defaults: UTC, skip, no catch-up, named by its place', () => {
  const [first, second] = parse(aDocument('  - every: 15m\n  - cron: "@daily"\n', '')).schedules!;
  expect(first).toEqual({
    name: 'schedule-1',
    description: '',
    everyMs: 900_000,
    timezone: 'UTC',
    overlap: 'skip',
    catchupMs: 0,
    jitterMs: 0,
    parameters: {},
    paused: false,
  });
  expect(second).toMatchObject({
    name: 'schedule-2',
    dst: { gap: 'run_after', overlap: 'first' },
  });
});

test('a document without schedules has none', () => {
  expect(parse('name: x\ntasks:\n  a: { type: noop }\n')).not.toHaveProperty('schedules');
});

test('what is wrong is shown at its place, with the mend', () => {
  expect(
    linesOf(`  - cron: "0 0 30 2 *"
  - cron: "61 * * * *"
    timezone: Europe/Olso
  - every: 1d
    cron: "@daily"
  - overlap: skip
  - every: 400d
  - every: 1h
    dst: { gap: skip }
  - { name: a, every: 1h, catchup: 2 }
  - { every: 1h, catchup: 400d }
  - { every: 1h, overlap: cancel }
  - { every: 1h, timezon: UTC }
  - { every: 1s500ms }
`),
  ).toEqual([
    '5:11+12 schedules[0].cron: day 30 never comes in the months 2 | The last day of a month is L.',
    '6:11+12 schedules[1].cron: `61` is not a value of minutes: 0 to 59',
    '7:15+11 schedules[1].timezone: no time zone is named `Europe/Olso` | Did you mean `Europe/Oslo`?',
    expect.stringContaining(
      'schedules[2]: a schedule has `cron` or `every`, one of the two; this one says both',
    ),
    expect.stringContaining(
      'schedules[3]: a schedule has `cron` or `every`, one of the two; this one says neither',
    ),
    expect.stringContaining('schedules[4].every: must be from 1s to 366d'),
    expect.stringContaining('schedules[5].dst: an interval knows no clock'),
    expect.stringContaining('schedules[6].catchup: must be text, not the number 2'),
    expect.stringContaining(
      'schedules[7].catchup: must be none, or a duration like 6h or 1d, at most 366d',
    ),
    expect.stringContaining('schedules[8].overlap: the text "cancel" is not one of `skip`'),
    expect.stringContaining(
      'schedules[9].timezon: unknown field `timezon` | Did you mean `timezone`?',
    ),
    expect.stringContaining('schedules[10].every: must be whole seconds'),
  ]);
});

test('a schedule that no clock ever shows is refused', () => {
  const never = '  - { cron: "30 2 * 3 sunL", timezone: Europe/Oslo, dst: { gap: skip } }\n';
  expect(linesOf(never)[0]).toContain('schedules[0].cron: is never due by these `dst` rules');
});

test('two schedules of one name are refused', () => {
  expect(linesOf('  - { name: a, every: 1h }\n  - { name: a, every: 2h }\n')).toEqual([
    '6:13+1 schedules[1].name: two schedules are named `a` | Give each a name of its own.',
  ]);
});

test('parameters are checked by their type when the document is', () => {
  expect(
    linesOf(
      `  - { every: 1h }
  - { every: 1h, parameters: { since: "\${{ slot.time }}", limt: 3 } }
  - { every: 1h, parameters: { since: "x \${{ slot.date }}", limit: 11 } }
  - { every: 1h, parameters: { since: "\${{ run.id }}", at: yesterday } }
`,
      PARAMS,
    ),
  ).toEqual([
    expect.stringContaining(
      'schedules[0].parameters: the parameter `since` is required and not given',
    ),
    expect.stringContaining(
      'schedules[1].parameters.since: `slot.time` is a datetime, and the parameter a date',
    ),
    expect.stringContaining(
      'schedules[1].parameters.limt: no parameter is named `limt` | Did you mean `limit`?',
    ),
    expect.stringContaining(
      'is not a reference to the slot | It is the whole value, and one of slot.time',
    ),
    expect.stringContaining('schedules[2].parameters.limit: is not one of the allowed values'),
    expect.stringContaining('`${{ run.id }}` is not a reference to the slot'),
    expect.stringContaining('schedules[3].parameters.at: must be a date and time'),
  ]);
});

test('a list is wanted', () => {
  const text = 'name: x\ntasks:\n  a: { type: noop }\nschedules: { cron: "@daily" }\n';
  expect(violationLines(() => parse(text))[0]).toContain('schedules: must be a list');
});
