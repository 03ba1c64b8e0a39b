import { z } from 'zod';
import type { FieldPath } from './field-path.ts';
import { describeValue } from './describe-value.ts';
import { type Findings, nameHint } from './findings.ts';

type Issue = z.core.$ZodIssue;

/** Checks a value against a schema; adds what is wrong and returns the parsed value, or undefined. */
export function checkFields<Schema extends z.ZodType>(
  findings: Findings,
  schema: Schema,
  target: { readonly value: unknown; readonly path: FieldPath },
): z.output<Schema> | undefined {
  const result = schema.safeParse(target.value, { reportInput: true });
  if (result.success) return result.data;
  for (const issue of result.error.issues) addIssue(findings, issue, { schema, path: target.path });
  return undefined;
}

type Checked = { readonly schema: z.ZodType; readonly path: FieldPath };

function addIssue(findings: Findings, issue: Issue, { schema, path }: Checked): void {
  const issuePath = [...path, ...issue.path.map(asPathPart)];
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schema, issue.path);
    for (const key of issue.keys) {
      findings.addAtKey([...issuePath, key], `unknown field \`${key}\``, () =>
        nameHint(key, known),
      );
    }
    return;
  }
  if (issue.code === 'invalid_union') {
    const meant = issue.errors.find((branch) => !branch.some(isOfAnotherKind));
    for (const inner of meant ?? []) addIssue(findings, inner, { schema, path: issuePath });
    if (meant !== undefined) return;
  }
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    findings.addAtKey(issuePath, `\`${String(issuePath.at(-1))}\` is missing`, hintFor(issue));
    return;
  }
  findings.add(issuePath, messageFor(issue), { hint: hintFor(issue) });
}

/** The value as a whole is nothing that this form of a field could be. */
function isOfAnotherKind({ code, path }: Issue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');
}

function asPathPart(part: PropertyKey): string | number {
  return typeof part === 'number' ? part : String(part);
}

function messageFor(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${TYPE_WORDS[issue.expected] ?? issue.expected}, not ${describeValue(issue.input)}`;
    case 'invalid_value':
      return `${describeValue(issue.input)} is not one of ${listValues(issue.values)}`;
    case 'too_small':
      return `must have ${unitFor(issue.origin)}at least ${String(issue.minimum)}`;
    case 'too_big':
      return `must have ${unitFor(issue.origin)}at most ${String(issue.maximum)}`;
    case 'invalid_key':
      return issue.issues[0]?.message ?? issue.message;
    case 'invalid_union':
      return `${describeValue(issue.input)} does not fit here`;
    default:
      return issue.message;
  }
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a block of fields',
  record: 'a block of fields',
};

function unitFor(origin: string): string {
  if (origin === 'string') return 'as many characters as ';
  if (origin === 'array' || origin === 'set') return 'as many members as ';
  return 'a value of ';
}

function listValues(values: readonly unknown[]): string {
  return values.map((value) => `\`${String(value)}\``).join(', ');
}

function hintFor(issue: Issue): string | undefined {
  if (issue.code === 'invalid_value' && typeof issue.input === 'string') {
    return nameHint(issue.input, issue.values.map(String));
  }
  if (issue.code === 'custom') return hintOf(issue.params);
  if (issue.code !== 'invalid_type') return undefined;
  if (issue.expected === 'string' && typeof issue.input === 'number') return 'Put it in quotes.';
  if (issue.expected === 'boolean') return 'YAML knows only `true` and `false`.';
  if (issue.expected === 'array' && typeof issue.input === 'string') {
    return `Write a list: [${issue.input}].`;
  }
  return undefined;
}

/** Task types hand the mend of their own rules over in `params`. */
function hintOf(params: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const hint = params?.['hint'];
  return typeof hint === 'string' ? hint : undefined;
}

/** Fields of the object schema at a path, for "did you mean". */
function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let current: z.ZodType | undefined = unwrap(schema);
  for (const part of path) {
    current = unwrap(
      current instanceof z.ZodObject
        ? (current.shape[String(part)] as z.ZodType | undefined)
        : current instanceof z.ZodArray
          ? (current.element as z.ZodType)
          : undefined,
    );
  }
  return current instanceof z.ZodObject ? Object.keys(current.shape) : [];
}

function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return unwrap(schema.unwrap() as z.ZodType);
  }
  return schema;
}
