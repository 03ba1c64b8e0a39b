import type { Violation } from '@floe/errors';
import { type Problem, ProblemSeverity } from '@floe/rpc/contracts';

export function errorMessages(violations: readonly Violation[]): Problem[] {
  return violations.map((violation) => toProblem(violation, ProblemSeverity.ERROR));
}

export function warningMessages(violations: readonly Violation[]): Problem[] {
  return violations.map((violation) => toProblem(violation, ProblemSeverity.WARNING));
}

function toProblem({ field, message, hint, place }: Violation, severity: ProblemSeverity): Problem {
  return {
    severity,
    field,
    message,
    hint: hint ?? '',
    line: place?.line ?? 0,
    column: place?.column ?? 0,
    length: place?.length ?? 0,
  };
}
