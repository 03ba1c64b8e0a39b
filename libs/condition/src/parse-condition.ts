/**
 * The grammar of a condition, loosest binding first:
 *
 *   or         and { "or" and }
 *   and        not { "and" not }
 *   not        "not" not | "(" or ")" | comparison
 *   comparison operand [ ( "==" | "!=" | "<" | "<=" | ">" | ">=" ) operand | [ "not" ] "in" "[" literals "]" ]
 */
import { COMPARISONS, type Comparison, type Condition, type ValueKind } from './condition.ts';
import { CONDITION_DEPTH_MAX, CONDITION_LENGTH_MAX } from './limits.ts';
import { ConditionRefused, refuse, type ConditionProblem } from './problem.ts';
import {
  describe,
  literalAs,
  readOperand,
  type ConditionScope,
  type TypedOperand,
} from './read-operand.ts';
import { readTokens, type Token } from './read-tokens.ts';

export type ParsedCondition =
  | { readonly kind: 'condition'; readonly condition: Condition }
  | { readonly kind: 'problem'; readonly problem: ConditionProblem };

export function parseCondition(text: string, scope: ConditionScope): ParsedCondition {
  try {
    if (text.length > CONDITION_LENGTH_MAX) {
      refuse({ start: 0, end: 1 }, `a condition has at most ${CONDITION_LENGTH_MAX} characters`);
    }
    const reader = new Reader(readTokens(text), scope);
    return { kind: 'condition', condition: reader.readAll() };
  } catch (error) {
    if (error instanceof ConditionRefused) return { kind: 'problem', problem: error.problem };
    throw error;
  }
}

class Reader {
  readonly #tokens: readonly Token[];
  readonly #scope: ConditionScope;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], scope: ConditionScope) {
    this.#tokens = tokens;
    this.#scope = scope;
  }

  readAll(): Condition {
    const condition = this.#readOr();
    const rest = this.#next;
    if (rest.kind !== 'end') {
      refuse(rest, `${describe(rest)} follows a complete condition`, 'Join with `and` or `or`.');
    }
    return condition;
  }

  get #next(): Token {
    return this.#tokens[this.#at]!;
  }

  #take(): Token {
    const token = this.#next;
    if (token.kind !== 'end') this.#at += 1;
    return token;
  }

  #takeIf(kind: Token['kind'], text: string): boolean {
    if (this.#next.kind !== kind || this.#next.text !== text) return false;
    this.#at += 1;
    return true;
  }

  #readOr(): Condition {
    const parts = [this.#readAnd()];
    while (this.#takeIf('name', 'or')) parts.push(this.#readAnd());
    return parts.length === 1 ? parts[0]! : { op: 'or', parts };
  }

  #readAnd(): Condition {
    const parts = [this.#readNot()];
    while (this.#takeIf('name', 'and')) parts.push(this.#readNot());
    return parts.length === 1 ? parts[0]! : { op: 'and', parts };
  }

  #readNot(): Condition {
    this.#depth += 1;
    if (this.#depth > CONDITION_DEPTH_MAX) refuse(this.#next, 'the condition is nested too deeply');
    const condition = this.#readInner();
    this.#depth -= 1;
    return condition;
  }

  #readInner(): Condition {
    if (this.#takeIf('name', 'not')) return { op: 'not', part: this.#readNot() };
    if (!this.#takeIf('sign', '(')) return this.#readComparison();
    const inner = this.#readOr();
    this.#expect(')');
    return inner;
  }

  #readComparison(): Condition {
    const left = readOperand(this.#scope, this.#take());
    const sign = this.#next;
    if (sign.kind === 'sign' && isComparison(sign.text)) {
      this.#take();
      return compare(sign.text, left, readOperand(this.#scope, this.#take()));
    }
    if (this.#takeIf('name', 'in')) return this.#readList(left);
    if (sign.text === 'not' && this.#tokens[this.#at + 1]?.text === 'in') {
      this.#at += 2;
      return { op: 'not', part: this.#readList(left) };
    }
    if (left.kind === 'boolean') return { op: 'holds', value: left.operand };
    return refuse(left, 'this value is neither true nor false', 'Compare it with something.');
  }

  #readList(left: TypedOperand): Condition {
    this.#expect('[');
    const values = [readOperand(this.#scope, this.#take())];
    while (this.#takeIf('sign', ',')) values.push(readOperand(this.#scope, this.#take()));
    this.#expect(']');
    const kind = values.map((value) => kindOf(left, value))[0]!;
    return {
      op: 'in',
      kind,
      left: literalAs(kind, left),
      values: values.map((value) => literalAs(kind, value)),
    };
  }

  #expect(sign: string): void {
    if (!this.#takeIf('sign', sign)) {
      refuse(this.#next, `${describe(this.#next)} stands where \`${sign}\` is expected`);
    }
  }
}

function isComparison(text: string): text is Comparison {
  return (COMPARISONS as readonly string[]).includes(text);
}

function compare(by: Comparison, left: TypedOperand, right: TypedOperand): Condition {
  const kind = kindOf(left, right);
  const isOrder = by !== '==' && by !== '!=';
  if (isOrder && (kind === 'boolean' || kind === 'state')) {
    refuse(left, `\`${by}\` has no meaning for ${WORDS[kind]}`, 'Compare with `==` or `!=`.');
  }
  return { op: 'compare', by, kind, left: literalAs(kind, left), right: literalAs(kind, right) };
}

/** The kind in which two operands are compared. */
function kindOf(left: TypedOperand, right: TypedOperand): ValueKind {
  const known = [left, right].flatMap(({ kind }) =>
    kind === 'quoted' || kind === 'null' ? [] : [kind],
  );
  const [first = 'text', second = first] = known;
  const isQuoted = left.kind === 'quoted' || right.kind === 'quoted';
  const fits = first === second && !(isQuoted && (first === 'number' || first === 'boolean'));
  if (fits) return first;
  const words = [left, right].map(({ kind }) => WORDS[kind]);
  return refuse(
    { start: left.start, end: right.end },
    `${words[0]} cannot be compared with ${words[1]}`,
    isQuoted ? 'Write numbers, true and false without quotes.' : undefined,
  );
}

const WORDS: Readonly<Record<TypedOperand['kind'], string>> = {
  text: 'a text',
  number: 'a number',
  boolean: 'true or false',
  date: 'a date',
  datetime: 'a datetime',
  state: 'the state of a task',
  quoted: 'a text',
  null: 'null',
};
