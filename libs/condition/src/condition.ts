/**
 * A condition as it is stored: plain JSON. `parseCondition` has checked that every name exists and that only values of
 * one kind are compared, so evaluating it cannot fail.
 */
export type Condition =
  | { readonly op: 'or' | 'and'; readonly parts: readonly Condition[] }
  | { readonly op: 'not'; readonly part: Condition }
  | {
      readonly op: 'compare';
      readonly by: Comparison;
      readonly kind: ValueKind;
      readonly left: Operand;
      readonly right: Operand;
    }
  | {
      readonly op: 'in';
      readonly kind: ValueKind;
      readonly left: Operand;
      readonly values: readonly Operand[];
    }
  /** A value that is true or false by itself. */
  | { readonly op: 'holds'; readonly value: Operand };

export const COMPARISONS = ['==', '!=', '<', '<=', '>', '>='] as const;

export type Comparison = (typeof COMPARISONS)[number];

/** What is compared with what. */
export type ValueKind = 'text' | 'number' | 'boolean' | 'date' | 'datetime' | 'state';

/** Values are texts, numbers as they are written, so that none loses digits. */
export type Operand =
  | { readonly from: 'literal'; readonly value: string | null }
  | { readonly from: 'parameter'; readonly name: string }
  | { readonly from: 'state' | 'rows'; readonly task: string };

/** How an upstream task may have ended, as a condition writes it. */
export const TASK_STATES = [
  'succeeded',
  'failed',
  'cancelled',
  'timed_out',
  'skipped',
  'upstream_failed',
] as const;
