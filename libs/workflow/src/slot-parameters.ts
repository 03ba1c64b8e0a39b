import { SLOT_VALUES, type SlotParameter, type SlotValue } from '@floe/schedule';
import type { FieldPath } from './field-path.ts';
import { type Findings, nameHint } from './findings.ts';
import { readParameterValue } from './parameter-value.ts';
import { referencesIn } from './references.ts';
import type { ParameterSpec, ParameterType } from './workflow.ts';

export type SlotParameterCheck = {
  readonly path: FieldPath;
  readonly given: Readonly<Record<string, unknown>>;
  readonly specs: Readonly<Record<string, ParameterSpec>>;
  /** Those with errors too. */
  readonly names: ReadonlySet<string>;
};

/** The parameters that a schedule gives its runs: each is a value of its type, or taken from the slot. */
export function readSlotParameters(
  findings: Findings,
  check: SlotParameterCheck,
): Readonly<Record<string, SlotParameter>> {
  const read: Record<string, SlotParameter> = {};
  for (const [name, raw] of Object.entries(check.given)) {
    const spec = Object.hasOwn(check.specs, name) ? check.specs[name] : undefined;
    const value = spec && readOne(findings, { path: [...check.path, name], spec, raw });
    if (value !== undefined) read[name] = value;
    if (!check.names.has(name)) refuseUnknown(findings, check, name);
  }
  for (const [name, spec] of Object.entries(check.specs)) {
    if (!spec.required || Object.hasOwn(check.given, name)) continue;
    const hint = `Write \`parameters: { ${name}: ... }\`, or give the parameter a default.`;
    findings.add(check.path, `the parameter \`${name}\` is required and not given`, { hint });
  }
  return read;
}

function refuseUnknown(findings: Findings, check: SlotParameterCheck, name: string): void {
  const hint = nameHint(name, check.names) ?? 'Declare it under `params` first.';
  findings.addAtKey([...check.path, name], `no parameter is named \`${name}\``, hint);
}

type One = { readonly path: FieldPath; readonly spec: ParameterSpec; readonly raw: unknown };

function readOne(findings: Findings, { path, spec, raw }: One): SlotParameter | undefined {
  if (typeof raw === 'string' && raw.includes('${{')) {
    return readReference(findings, { path, spec, raw });
  }
  const reading = readParameterValue(spec.type, raw);
  if (reading.kind === 'problem') {
    findings.add(path, reading.message, { hint: reading.hint });
    return undefined;
  }
  const { value } = reading.value;
  if (spec.enum !== undefined && !spec.enum.some((member) => member.value === value)) {
    const allowed = spec.enum.map((member) => member.value);
    findings.add(path, 'is not one of the allowed values', { hint: nameHint(value, allowed) });
  }
  return value;
}

type Reference = One & { readonly raw: string };

function readReference(
  findings: Findings,
  { path, spec, raw }: Reference,
): SlotParameter | undefined {
  const [reference] = referencesIn(raw);
  const isWhole = reference?.start === 0 && reference.end === raw.length;
  const value = SLOT_VALUES.find((name) => `slot.${name}` === reference?.inner);
  if (!isWhole || value === undefined) {
    const known = SLOT_VALUES.map((name) => `slot.${name}`).join(', ');
    const hint = `It is the whole value, and one of ${known}.`;
    findings.add(path, `\`${raw.slice(0, 60)}\` is not a reference to the slot`, { hint });
    return undefined;
  }
  if (typesOf(value).includes(spec.type)) return { slot: value };
  const [wanted] = typesOf(value);
  findings.add(path, `\`slot.${value}\` is a ${wanted}, and the parameter a ${spec.type}`, {
    hint: spec.type === 'date' ? 'Take slot.date.' : `Declare the parameter as ${wanted}.`,
  });
  return undefined;
}

function typesOf(value: SlotValue): readonly [ParameterType, ...ParameterType[]] {
  return value.endsWith('date') ? ['date', 'string'] : ['datetime', 'string'];
}
