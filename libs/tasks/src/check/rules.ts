import { z } from 'zod';

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

/** What rows must fulfil, one kind a rule; written `- not_null: [a, b]`. */
export const ruleFields = z
  .strictObject({
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
        'The least and the greatest value of a column, both allowed; dates are written 2001-12-31.',
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
  })
  .superRefine((rule, context) => {
    const kinds = kindsOf(rule);
    if (kinds.length === 1) return;
    context.addIssue({
      code: 'custom',
      message:
        kinds.length === 0 ? 'says nothing to check' : `says several things: ${kinds.join(', ')}`,
      params: { hint: `Write one of ${RULE_KINDS.join(', ')} in each entry.` },
    });
  });

export type Rule = z.output<typeof ruleFields>;

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
  if (rule.expression !== undefined) return `expression(${rule.expression})`;
  return 'row_count';
}
