import { nearestName } from '@floe/errors';
import type { ParameterValue } from '@floe/expression';
import { TASK_STATES, type Operand, type ValueKind } from './condition.ts';
import { isDate, momentOf } from './moment.ts';
import { refuse } from './problem.ts';
import type { Token } from './read-tokens.ts';

/** What a condition may speak of. */
export type ConditionScope = {
  /** Types of the parameters by name, as the document writes them. */
  readonly parameters: ReadonlyMap<string, ParameterKind>;
  /** Tasks that the condition's own task names in `inputs` or `needs`. */
  readonly tasks: ReadonlySet<string>;
};

export type ParameterKind = Exclude<ParameterValue['kind'], 'null'>;

/** An operand with its kind; a literal in quotes has none before it is compared, nor has `null`. */
export type TypedOperand = {
  readonly operand: Operand;
  readonly kind: ValueKind | 'quoted' | 'null';
  readonly start: number;
  readonly end: number;
};

const KINDS: Readonly<Record<ParameterKind, ValueKind>> = {
  string: 'text',
  integer: 'number',
  float: 'number',
  boolean: 'boolean',
  date: 'date',
  datetime: 'datetime',
};

export function readOperand(scope: ConditionScope, token: Token): TypedOperand {
  const { start, end, text } = token;
  const typed = (operand: Operand, kind: TypedOperand['kind']) => ({ operand, kind, start, end });
  if (token.kind === 'number') return typed({ from: 'literal', value: text }, 'number');
  if (token.kind === 'text') return typed({ from: 'literal', value: text }, 'quoted');
  if (token.kind !== 'name') refuse(token, `${describe(token)} stands where a value is expected`);
  if (text === 'true' || text === 'false') {
    return typed({ from: 'literal', value: text }, 'boolean');
  }
  if (text === 'null') return typed({ from: 'literal', value: null }, 'null');
  const [operand, kind] = readReference(scope, token);
  return typed(operand, kind);
}

function readReference(scope: ConditionScope, token: Token): [Operand, ValueKind] {
  const [head, name, field, ...rest] = token.text.split('.');
  if (head === 'params' && name !== undefined && field === undefined) {
    const kind = scope.parameters.get(name);
    if (kind === undefined) refuse(token, ...unknown('parameter', name, scope.parameters.keys()));
    return [{ from: 'parameter', name }, KINDS[kind]];
  }
  const isTask = head === 'tasks' && name !== undefined && rest.length === 0;
  if (isTask && (field === 'state' || field === 'rows')) {
    if (!scope.tasks.has(name)) refuse(token, ...notUpstream(name, scope.tasks));
    return [{ from: field, task: name }, field === 'rows' ? 'number' : 'state'];
  }
  const hint =
    'Known are `params.name`, `tasks.name.state` and `tasks.name.rows`; a text needs quotes.';
  return refuse(token, `\`${token.text}\` is not known here`, hint);
}

function unknown(what: string, name: string, known: Iterable<string>): [string, string?] {
  const nearest = nearestName(name, [...known]);
  const hint = nearest === undefined ? undefined : `Did you mean \`${nearest}\`?`;
  return hint === undefined
    ? [`no ${what} is named \`${name}\``]
    : [`no ${what} is named \`${name}\``, hint];
}

function notUpstream(name: string, tasks: ReadonlySet<string>): [string, string] {
  const nearest = nearestName(name, [...tasks]);
  const hint =
    nearest === undefined ? `Name it in \`needs: [${name}]\` too.` : `Did you mean \`${nearest}\`?`;
  return [`this task does not wait for a task named \`${name}\``, hint];
}

/** The literal as a value of a kind: what is in quotes may be a date, a moment or the state of a task. */
export function literalAs(kind: ValueKind, value: TypedOperand): Operand {
  if (value.kind !== 'quoted' || value.operand.from !== 'literal') return value.operand;
  const text = value.operand.value ?? '';
  if (kind === 'state' && !(TASK_STATES as readonly string[]).includes(text)) {
    const nearest = nearestName(text, TASK_STATES) ?? TASK_STATES.join(', ');
    refuse(value, `"${text}" is no state in which a task ends`, `Possible: ${nearest}.`);
  }
  if (kind === 'date' && !isDate(text)) {
    refuse(value, `"${text}" is not a date`, 'Write it like "2026-01-31".');
  }
  if (kind === 'datetime' && momentOf(text) === undefined) {
    refuse(value, `"${text}" is not a date and time`, 'Write it like "2026-01-31T12:00:00Z".');
  }
  return value.operand;
}

export function describe(token: Token): string {
  if (token.kind === 'end') return 'the end of the condition';
  return token.kind === 'text' ? `the text "${token.text}"` : `\`${token.text}\``;
}
