import { checkFields } from './check-fields.ts';
import { describeValue } from './describe-value.ts';
import { parameterFields, type ParameterFields } from './document-schema-parts.ts';
import { isRecord } from './is-record.ts';
import type { Findings } from './findings.ts';
import { PARAMETER_COUNT_MAX } from './limits.ts';
import { IDENTIFIER, IDENTIFIER_RULE, mendIdentifier } from './names.ts';
import { readParameterValue } from './parameter-value.ts';
import type { ParameterSpec, PresentValue } from './workflow.ts';

export type ParameterSpecs = Record<string, ParameterSpec>;

/** The `params` of a document. Those with errors keep their name, so that references to them are not errors too. */
export function parseParameters(
  findings: Findings,
  value: unknown,
): { specs: ParameterSpecs; names: ReadonlySet<string> } {
  if (value === undefined) return { specs: {}, names: new Set() };
  if (!isRecord(value)) {
    findings.add(['params'], `must be a block of parameters, not ${describeValue(value)}`);
    return { specs: {}, names: new Set() };
  }
  const names = Object.keys(value);
  if (names.length > PARAMETER_COUNT_MAX) {
    findings.addAtKey(
      ['params'],
      `${names.length} parameters; at most ${PARAMETER_COUNT_MAX} are allowed`,
    );
    return { specs: {}, names: new Set(names) };
  }
  const specs: ParameterSpecs = {};
  for (const name of names) {
    const spec = parseParameter(findings, name, value[name]);
    if (spec !== undefined) specs[name] = spec;
  }
  return { specs, names: new Set(names) };
}

function parseParameter(
  findings: Findings,
  name: string,
  value: unknown,
): ParameterSpec | undefined {
  const path = ['params', name];
  if (!IDENTIFIER.test(name)) {
    const mended = mendIdentifier(name);
    findings.addAtKey(path, IDENTIFIER_RULE, mended && `Write \`${mended}\`.`);
  }
  if (!isRecord(value)) {
    const hint = `Write \`${name}: { type: string }\`.`;
    findings.add(path, `must be a block of fields, not ${describeValue(value)}`, { hint });
    return undefined;
  }
  const fields = checkFields(findings, parameterFields, { value, path });
  return fields && normalise(findings, name, fields);
}

function normalise(findings: Findings, name: string, fields: ParameterFields): ParameterSpec {
  const read = (raw: unknown, ...path: (string | number)[]): PresentValue[] => {
    const reading = readParameterValue(fields.type, raw);
    if (reading.kind === 'value') return [reading.value];
    findings.add(['params', name, ...path], reading.message, { hint: reading.hint });
    return [];
  };
  const [fallback] = fields.default === undefined ? [] : read(fields.default, 'default');
  const allowed = fields.enum?.flatMap((member, index) => read(member, 'enum', index));
  if (fields.required === true && fields.default !== undefined) {
    const hint = 'Leave `required` out, or the default.';
    findings.add(['params', name, 'required'], 'a parameter with a default is never required', {
      hint,
    });
  }
  if (fallback && allowed && !allowed.some((member) => member.value === fallback.value)) {
    findings.add(['params', name, 'default'], 'the default is not one of `enum`');
  }
  return {
    type: fields.type,
    description: fields.description ?? '',
    required: fields.default === undefined && fields.required !== false,
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(allowed === undefined ? {} : { enum: allowed }),
  };
}
