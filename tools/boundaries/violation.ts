/** A broken rule, at a place. The three texts are written so that they read on: "what: why; mend". */
export type Violation = {
  /** From the root of the workspace, with `/`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly what: string;
  readonly why: string;
  readonly mend: string;
};

export function formatViolation({ file, line, what, why, mend }: Violation): string {
  return `${file}:${line} ${what}: ${why}; ${mend}`;
}

export function inOrderOfPlace(left: Violation, right: Violation): number {
  return left.file.localeCompare(right.file) || left.line - right.line;
}
