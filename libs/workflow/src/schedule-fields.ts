import { z } from 'zod';
import { EVERY_MS_MIN, GAP_RULES, OVERLAP_POLICIES, OVERLAP_RULES } from '@floe/schedule';
import { descriptionField, resourceNameField } from './document-schema-parts.ts';
import { durationField } from './duration-field.ts';
import { parseDurationMs } from './duration.ts';
import { CATCHUP_MS_MAX, EVERY_MS_MAX, JITTER_MS_MAX } from './limits.ts';

const DAY_MS = 86_400_000;

const catchupField = z.string().refine(isCatchup, {
  error: `must be none, or a duration like 6h or 1d, at most ${CATCHUP_MS_MAX / DAY_MS}d`,
});

function isCatchup(text: string): boolean {
  return text === 'none' || (parseDurationMs(text) ?? Number.POSITIVE_INFINITY) <= CATCHUP_MS_MAX;
}

/** The contract counts in seconds, and nothing about a schedule is finer. */
function wholeSeconds(field: z.ZodString): z.ZodString {
  return field.refine((text) => (parseDurationMs(text) ?? 0) % 1_000 === 0, {
    error: 'must be whole seconds',
  });
}

const dstField = z.strictObject({
  gap: z
    .enum(GAP_RULES)
    .optional()
    .describe('Times that the clock leaves out in spring: once right after the gap, or never.'),
  overlap: z
    .enum(OVERLAP_RULES)
    .optional()
    .describe('Times that the clock shows twice in autumn: the first, the last, or both.'),
});

/** One entry of `schedules`. */
export const scheduleFields = z.strictObject({
  name: resourceNameField()
    .optional()
    .describe(
      'What keeps its history together when it is edited. By default its place in the list.',
    ),
  description: descriptionField().optional().describe('For people.'),
  cron: z
    .string()
    .optional()
    .describe('Minute, hour, day of the month, month, weekday; with seconds in front if six.'),
  every: wholeSeconds(durationField({ minMs: EVERY_MS_MIN, maxMs: EVERY_MS_MAX }))
    .optional()
    .describe('In place of cron: a steady interval, counted from 1970-01-01T00:00Z.'),
  timezone: z.string().optional().describe('An IANA name, like Europe/Oslo. UTC by default.'),
  overlap: z
    .enum(OVERLAP_POLICIES)
    .optional()
    .describe('What happens when it is due while a run of it goes on. `skip` by default.'),
  catchup: catchupField
    .optional()
    .describe('How old a missed time may be to be made up for; `none` by default.'),
  jitter: wholeSeconds(durationField({ minMs: 0, maxMs: JITTER_MS_MAX }))
    .optional()
    .describe('Runs begin up to this much later, spread evenly.'),
  dst: dstField.optional().describe('What happens when clocks change.'),
  parameters: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.bigint()]))
    .optional()
    .describe('Parameters of its runs: values, or ${{ slot.date }} and ${{ slot.time }}.'),
  paused: z.boolean().optional().describe('Whether it begins paused.'),
});

export type ScheduleFields = z.output<typeof scheduleFields>;
