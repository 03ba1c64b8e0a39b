/** Something wrong in the text of a condition, with its place in UTF-16 units. */
export type ConditionProblem = {
  readonly message: string;
  readonly hint?: string;
  readonly start: number;
  readonly end: number;
};

/** Ends the reading: one condition is short enough that its first problem is told alone. */
export class ConditionRefused extends Error {
  readonly problem: ConditionProblem;

  constructor(problem: ConditionProblem) {
    super(problem.message);
    this.name = 'ConditionRefused';
    this.problem = problem;
  }
}

export function refuse(
  at: { readonly start: number; readonly end: number },
  message: string,
  hint?: string,
): never {
  const place = { start: at.start, end: at.end };
  throw new ConditionRefused({ message, ...(hint === undefined ? {} : { hint }), ...place });
}
