/**
 * The old expression language: what it can say. Every node keeps where it stands in the text, from 0.
 */
export type LegacyNode =
  | { readonly kind: 'column'; readonly name: string; readonly at: number }
  | { readonly kind: 'number'; readonly text: string; readonly at: number }
  | { readonly kind: 'text'; readonly value: string; readonly at: number }
  | {
      readonly kind: 'arithmetic' | 'comparison';
      readonly operator: string;
      readonly left: LegacyNode;
      readonly right: LegacyNode;
      readonly at: number;
    }
  | { readonly kind: 'negative' | 'not'; readonly operand: LegacyNode; readonly at: number }
  | {
      readonly kind: 'logical';
      readonly operator: 'and' | 'or';
      readonly left: LegacyNode;
      readonly right: LegacyNode;
      readonly at: number;
    }
  | {
      readonly kind: 'null-test';
      readonly operand: LegacyNode;
      readonly isNegated: boolean;
      readonly at: number;
    }
  | {
      readonly kind: 'membership';
      readonly operand: LegacyNode;
      readonly members: readonly LegacyNode[];
      readonly isNegated: boolean;
      readonly at: number;
    }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly operands: readonly LegacyNode[];
      readonly at: number;
    };

const CONDITIONS: ReadonlySet<LegacyNode['kind']> = new Set([
  'comparison',
  'logical',
  'not',
  'null-test',
  'membership',
]);

/** Whether a node is true or false of a row, whatever its columns hold. */
export function isCondition({ kind }: LegacyNode): boolean {
  return CONDITIONS.has(kind);
}

/** What is wrong with a text, and where. */
export class LegacyProblem extends Error {
  readonly at: number;
  readonly length: number;
  readonly hint: string | undefined;

  constructor(message: string, place: { at: number; length?: number }, hint?: string) {
    super(message);
    this.name = 'LegacyProblem';
    this.at = place.at;
    this.length = place.length ?? 1;
    this.hint = hint;
  }
}
