/** What became of one try to deliver. */
export type Outcome =
  | {
      readonly kind: 'delivered';
      /** Who was refused for good, where others took it. */
      readonly problem?: string;
    }
  /** The receiver said that this message will never be taken; the next one may be. */
  | { readonly kind: 'refused'; readonly problem: string }
  /** Nobody took it now. */
  | {
      readonly kind: 'unavailable';
      readonly problem: string;
      /** Who is still to get it, where others took it: the next try is for these alone. */
      readonly owedTo?: readonly string[];
    };

export const DELIVERED: Outcome = { kind: 'delivered' };

// A line of a list of what was sent.
const PROBLEM_LENGTH_MAX = 500;

export function refused(problem: string): Outcome {
  return { kind: 'refused', problem: problem.slice(0, PROBLEM_LENGTH_MAX) };
}

/** Some took it, and some never will. */
export function deliveredExcept(problem: string): Outcome {
  return { kind: 'delivered', problem: problem.slice(0, PROBLEM_LENGTH_MAX) };
}

/** Some took it, and some may take it later. */
export function owed(owedTo: readonly string[], problem: string): Outcome {
  return { kind: 'unavailable', owedTo, problem: problem.slice(0, PROBLEM_LENGTH_MAX) };
}

export function unavailable(problem: string): Outcome {
  return { kind: 'unavailable', problem: problem.slice(0, PROBLEM_LENGTH_MAX) };
}
