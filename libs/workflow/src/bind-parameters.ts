import type { ParameterValue } from '@floe/expression';
import { FloeError, type Violation } from '@floe/errors';
import { nameHint } from './findings.ts';
import { readParameterValue } from './parameter-value.ts';
import type { ParameterSpec, Workflow } from './workflow.ts';

type Outcome = { readonly value: ParameterValue } | { readonly violation: Violation };

/**
 * The values of a run's parameters: what was given, read by the declared type, and defaults for the rest. Values may
 * be JSON or the text of a command line. Throws PARAMETER_INVALID with every violation.
 */
export function bindParameters(
  workflow: Pick<Workflow, 'params'>,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, ParameterValue>> {
  const violations: Violation[] = unknownNames(workflow, given);
  const values: Record<string, ParameterValue> = {};
  for (const [name, spec] of Object.entries(workflow.params)) {
    const raw = Object.hasOwn(given, name) ? given[name] : undefined;
    const outcome = bindOne(name, spec, raw);
    if ('value' in outcome) values[name] = outcome.value;
    else violations.push(outcome.violation);
  }
  if (violations.length > 0) throw parameterInvalid(violations);
  return values;
}

function unknownNames(
  { params }: Pick<Workflow, 'params'>,
  given: Readonly<Record<string, unknown>>,
): Violation[] {
  const known = Object.keys(params);
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(params, name));
  return unknown.map((name) => {
    const hint = known.length === 0 ? 'This workflow takes no parameters.' : nameHint(name, known);
    return violation(name, `the workflow has no parameter \`${name}\``, hint);
  });
}

function bindOne(name: string, spec: ParameterSpec, raw: unknown): Outcome {
  if (raw === undefined || raw === null) return bindAbsent(name, spec);
  const reading = readParameterValue(spec.type, raw);
  if (reading.kind === 'problem') {
    return { violation: violation(name, reading.message, reading.hint) };
  }
  const { value } = reading;
  if (spec.enum === undefined || spec.enum.some((member) => member.value === value.value)) {
    return { value };
  }
  const allowed = spec.enum.map((member) => member.value);
  return {
    violation: violation(name, 'is not one of the allowed values', nameHint(value.value, allowed)),
  };
}

function bindAbsent(name: string, spec: ParameterSpec): Outcome {
  if (spec.default !== undefined) return { value: spec.default };
  if (!spec.required) return { value: { kind: 'null' } };
  const hint = `Give a ${spec.type}: --param ${name}=...`;
  return { violation: violation(name, 'is required and was not given', hint) };
}

function violation(name: string, message: string, hint: string | undefined): Violation {
  return { field: `params.${name}`, message, ...(hint === undefined ? {} : { hint }) };
}

function parameterInvalid(violations: readonly Violation[]): FloeError {
  const [first] = violations;
  const rest = violations.length > 1 ? `, and ${violations.length - 1} more` : '';
  return new FloeError('PARAMETER_INVALID', `\`${first!.field}\`: ${first!.message}${rest}`, {
    violations,
    ...(first!.hint === undefined ? {} : { hint: first!.hint }),
  });
}
