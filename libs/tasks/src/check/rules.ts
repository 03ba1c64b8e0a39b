import { parseDurationMs } from '@floe/workflow/duration';
import { z } from 'zod';
import { isNoTime } from './time-text.ts';

// A rule list that is longer is several checks.
export const RULE_COUNT_MAX = 100;
const COLUMN_COUNT_MAX = 64;
const VALUE_COUNT_MAX = 1_000;

const column = () => z.string().min(1);
const columns = () => z.array(column()).min(1).max(COLUMN_COUNT_MAX);
const scalar = () => z.union([z.string(), z.number(), z.boolean()]);
const bound = () => z.union([z.number(), z.string().min(1)]);
const severity = z
  .enum(['stop', 'warn'])
  .optional()
  .describe(
    'stop fails the task, and so keeps the rows from what comes after; warn only tells. stop when absent.',
  );

/** What rows must fulfil, one kind a rule; written `- not_null: [a, b]`. As it was stored, perhaps by an older version. */
export const storedRule = z.strictObject({
  row_count: z
    .strictObject({ min: z.int().min(0).optional(), max: z.int().min(0).optional() })
    .optional()
    .describe('How many rows there are.'),
  not_null: columns().optional().describe('Columns that have a value in every row.'),
  unique: columns().optional().describe('Columns whose values together come only once.'),
  accepted_values: z
    .strictObject({ column: column(), values: z.array(scalar()).min(1).max(VALUE_COUNT_MAX) })
    .optional()
    .describe('The only values of a column; no value is accepted too.'),
  range: z
    .strictObject({ column: column(), min: bound().optional(), max: bound().optional() })
    .optional()
    .describe(
      'The least and the greatest value of a column, both allowed; dates are written 2001-12-31, times ' +
        '2001-12-31T08:30 or, in UTC, 2001-12-31T08:30Z. For times a date is its first moment.',
    ),
  freshness: z
    .strictObject({ column: column(), max_age: z.string().min(1) })
    .optional()
    .describe('How long ago the newest time of a column may be, like 1d.'),
  expression: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A Polars condition that is true for every row, like pl.col("net") <= pl.col("gross").',
    ),
  name: z.string().min(1).max(200).optional().describe('What to call the rule in reports.'),
  severity,
});

export const ruleFields = storedRule.superRefine((rule, context) => {
  for (const [path, message, hint] of faultsOf(rule))
    context.addIssue({ code: 'custom', path: [...path], message, params: { hint } });
  const kinds = kindsOf(rule);
  if (kinds.length === 1) return;
  context.addIssue({
    code: 'custom',
    message:
      kinds.length === 0 ? 'says nothing to check' : `says several things: ${kinds.join(', ')}`,
    params: { hint: `Write one of ${RULE_KINDS.join(', ')} in each entry.` },
  });
});

export type Rule = z.output<typeof storedRule>;

type Fault = readonly [path: readonly string[], message: string, hint: string];

/** What no type of a field says. */
function faultsOf({ row_count: count, range, freshness }: Omit<Rule, 'name'>): readonly Fault[] {
  return [
    ...(count === undefined ? [] : boundFaults('row_count', count)),
    ...(range === undefined ? [] : boundFaults('range', range)),
    ...(freshness === undefined || parseDurationMs(freshness.max_age) !== undefined
      ? []
      : [
          [
            ['freshness', 'max_age'],
            `${JSON.stringify(freshness.max_age)} is no duration`,
            'Durations are written like 30m, 12h or 1d.',
          ] as const,
        ]),
  ];
}

type Bounds = {
  readonly min?: number | string | undefined;
  readonly max?: number | string | undefined;
};

function boundFaults(field: string, { min, max }: Bounds): readonly Fault[] {
  if (min === undefined && max === undefined)
    return [[[field], 'has neither min nor max', 'Write one of them, or both.']];
  const noTimes = Object.entries({ min, max })
    .filter(([, value]) => typeof value === 'string' && isNoTime(value))
    .map(
      ([name, value]) =>
        [
          [field, name],
          `${JSON.stringify(value)} is no day or time that there is`,
          'Dates are written 2001-12-31, times 2001-12-31T08:30.',
        ] as const,
    );
  if (noTimes.length > 0 || min === undefined || max === undefined) return noTimes;
  const isUpsideDown = typeof min === typeof max && min > max;
  return isUpsideDown ? [[[field], 'has a min above its max', 'No value fulfils it.']] : [];
}

const RULE_KINDS = [
  'row_count',
  'not_null',
  'unique',
  'accepted_values',
  'range',
  'freshness',
  'expression',
] as const;

export type RuleKind = (typeof RULE_KINDS)[number];

function kindsOf(rule: Rule): RuleKind[] {
  return RULE_KINDS.filter((kind) => rule[kind] !== undefined);
}

export function kindOf(rule: Rule): RuleKind | undefined {
  return kindsOf(rule)[0];
}

/** What the rule is called where it has no name: `not_null(a, b)`. */
export function nameOf(rule: Rule): string {
  if (rule.name !== undefined) return rule.name;
  if (rule.not_null !== undefined) return `not_null(${rule.not_null.join(', ')})`;
  if (rule.unique !== undefined) return `unique(${rule.unique.join(', ')})`;
  if (rule.accepted_values !== undefined) return `accepted_values(${rule.accepted_values.column})`;
  if (rule.range !== undefined) return `range(${rule.range.column})`;
  if (rule.freshness !== undefined) return `freshness(${rule.freshness.column})`;
  if (rule.expression !== undefined) return `expression(${inOneLine(rule.expression)})`;
  return 'row_count';
}

function inOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
