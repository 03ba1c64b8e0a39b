import { FloeError, type Violation } from '@floe/errors';
import {
  type FramePlan,
  type ParameterValue,
  type Program,
  type ProgramContext,
  type SqlProgram,
  type SqlQuery,
  type Step,
  type StepsText,
  parseProgram,
  parseSql,
  sqlProgram,
  stepsText,
  toFramePlan,
  toSqlPlan,
} from '@floe/expression';

/** What a transform computes, in one of its three forms: `polars`, `steps`, or `sql`. */
export type TransformConfig = {
  readonly polars?: string | undefined;
  readonly steps?: readonly Step[] | undefined;
  readonly sql?: string | undefined;
};

/** Polars and steps give the same tree. SQL gives it with the columns of its inputs, which say what its names mean. */
export type TransformSource =
  | { readonly kind: 'program'; readonly program: Program; readonly steps: StepsText | undefined }
  | { readonly kind: 'sql'; readonly query: SqlQuery };

/** Throws FloeError EXPRESSION_INVALID, whose violations name the form that was written. */
export function sourceOf(config: TransformConfig, inputs: readonly string[]): TransformSource {
  if (config.sql !== undefined) return { kind: 'sql', query: parseSql(config.sql, { inputs }) };
  if (config.steps === undefined) {
    const program = parseProgram(config.polars ?? '', { inputs });
    return { kind: 'program', program, steps: undefined };
  }
  const steps = stepsText(config.steps, inputs);
  const program = atSteps(steps, () => parseProgram(steps.text, { inputs }));
  return { kind: 'program', program, steps };
}

/** The tree of a source, or what in a query no tree says. Throws as sourceOf does. */
export function programOf(source: TransformSource, context: ProgramContext): SqlProgram {
  return source.kind === 'sql' ? sqlProgram(source.query, context) : source;
}

/** With the columns of all inputs SQL runs as its tree does; without them Polars' own SQL runs it. */
export function planOf(
  source: TransformSource,
  params: Readonly<Record<string, ParameterValue>>,
  inputs?: ProgramContext['inputs'],
): FramePlan {
  if (source.kind === 'program') return toFramePlan(source.program, params);
  const known = inputs === undefined ? undefined : sqlProgram(source.query, { inputs });
  return known?.kind === 'program'
    ? toFramePlan(known.program, params)
    : toSqlPlan(source.query, params);
}

/** Runs what may find problems in the text, and says to which step each belongs. */
export function atSteps<T>(steps: StepsText | undefined, run: () => T): T {
  if (steps === undefined) return run();
  try {
    return run();
  } catch (thrown) {
    const isInvalid = thrown instanceof FloeError && thrown.code === 'EXPRESSION_INVALID';
    if (!isInvalid) throw thrown;
    const violations = (thrown.violations ?? []).map((violation) => inStep(steps, violation));
    throw new FloeError('EXPRESSION_INVALID', violations[0]?.message ?? thrown.message, {
      violations,
      ...(thrown.hint === undefined ? {} : { hint: thrown.hint }),
    });
  }
}

/** The place is one in the text that was written out, which nobody has seen. */
function inStep(steps: StepsText, { message, hint, place }: Violation): Violation {
  const step = steps.stepAt(place?.line ?? 1);
  return {
    field: `steps[${step - 1}]`,
    message: `step ${step}: ${message}`,
    ...(hint === undefined ? {} : { hint }),
  };
}
