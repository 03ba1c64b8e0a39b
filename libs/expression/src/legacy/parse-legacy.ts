import { nearestName } from '@floe/errors';
import { isCondition, LegacyProblem, type LegacyNode } from './legacy-tree.ts';
import {
  expectWord,
  isOperator,
  isWord,
  peek,
  skipWord,
  take,
  wordAfter,
  type Reader,
} from './token-reader.ts';
import { tokenise, type Token } from './tokenise.ts';

/** Far longer than anything that people wrote; keeps hostile texts cheap. */
const MAX_LENGTH = 20_000;
/** Brackets and conditions within each other; the parser recurses this deep. */
const MAX_DEPTH = 100;

/** How many operands each function takes. */
const FUNCTIONS: Readonly<Record<string, number>> = {
  upper: 1,
  lower: 1,
  length: 1,
  abs: 1,
  round: 2,
  if: 3,
};
const COMPARISONS = new Set(['>', '<', '>=', '<=', '=', '==', '!=', '<>']);

/**
 * Parses an old expression: `or` binds weakest, then `and`, `not`, comparisons, `+ -`, `* /`. Throws LegacyProblem.
 */
export function parseLegacy(text: string): LegacyNode {
  if (text.length > MAX_LENGTH)
    throw new LegacyProblem(`the text is longer than ${MAX_LENGTH} characters`, { at: 0 });
  const reader: Reader = { tokens: tokenise(text), next: 0, depth: 0 };
  if (peek(reader).kind === 'end') throw new LegacyProblem('the expression is empty', { at: 0 });
  const node = readCondition(reader);
  const rest = peek(reader);
  if (rest.kind === 'end') return node;
  const hint =
    rest.kind === 'name' ? 'a column whose name has spaces stands in backticks' : undefined;
  throw new LegacyProblem(`\`${rest.value}\` is not expected here`, rest, hint);
}

function readCondition(reader: Reader): LegacyNode {
  return within(reader, () => readLogical(reader, 'or', () => readLogical(reader, 'and', readNot)));
}

/** Goes one level down, as deep as is allowed. */
function within(reader: Reader, read: () => LegacyNode): LegacyNode {
  reader.depth += 1;
  if (reader.depth > MAX_DEPTH)
    throw new LegacyProblem('the expression is nested too deeply', peek(reader));
  const node = read();
  reader.depth -= 1;
  return node;
}

function readLogical(
  reader: Reader,
  operator: 'and' | 'or',
  readOperand: (reader: Reader) => LegacyNode,
): LegacyNode {
  let left = readOperand(reader);
  while (isWord(reader, operator)) {
    const { at } = take(reader);
    left = { kind: 'logical', operator, left, right: readOperand(reader), at };
    requireCondition(left.left, at, operator);
    requireCondition(left.right, at, operator);
  }
  return left;
}

function readNot(reader: Reader): LegacyNode {
  if (!isWord(reader, 'not')) return readComparison(reader);
  const { at } = take(reader);
  const operand = within(reader, () => readNot(reader));
  requireCondition(operand, at, 'not');
  return { kind: 'not', operand, at };
}

function requireCondition(node: LegacyNode, at: number, operator: string): void {
  if (isCondition(node)) return;
  throw new LegacyProblem(
    `\`${operator}\` needs a comparison beside it`,
    { at },
    'like salary > 100 and status = "open"',
  );
}

function readComparison(reader: Reader): LegacyNode {
  const left = readSum(reader);
  const word = readWordTest(reader, left);
  if (word !== undefined) return word;
  if (!isOperator(reader, COMPARISONS)) return left;
  const { value: operator, at } = take(reader);
  const right = readSum(reader);
  if (isOperator(reader, COMPARISONS))
    throw new LegacyProblem('one comparison follows another', peek(reader), 'join them with and');
  return { kind: 'comparison', operator, left, right, at };
}

/** `is null`, `in (...)` and `between ... and ...`, with their negations. */
function readWordTest(reader: Reader, operand: LegacyNode): LegacyNode | undefined {
  const { at } = peek(reader);
  if (isWord(reader, 'is')) {
    take(reader);
    const isNegated = skipWord(reader, 'not');
    expectWord(reader, 'null');
    return { kind: 'null-test', operand, isNegated, at };
  }
  const isNegated = isWord(reader, 'not') && ['in', 'between'].includes(wordAfter(reader));
  if (isNegated) take(reader);
  if (skipWord(reader, 'in')) {
    return { kind: 'membership', operand, members: readOperands(reader), isNegated, at };
  }
  if (!skipWord(reader, 'between')) return undefined;
  const least = readSum(reader);
  expectWord(reader, 'and');
  const left: LegacyNode = { kind: 'comparison', operator: '>=', left: operand, right: least, at };
  const greatest = readSum(reader);
  const right: LegacyNode = {
    kind: 'comparison',
    operator: '<=',
    left: operand,
    right: greatest,
    at,
  };
  const inside: LegacyNode = { kind: 'logical', operator: 'and', left, right, at };
  return isNegated ? { kind: 'not', operand: inside, at } : inside;
}

const readSum = (reader: Reader): LegacyNode => readChain(reader, SUMS, readProduct);
const readProduct = (reader: Reader): LegacyNode => readChain(reader, PRODUCTS, readValue);
const SUMS = new Set(['+', '-']);
const PRODUCTS = new Set(['*', '/']);

function readChain(
  reader: Reader,
  operators: ReadonlySet<string>,
  readOperand: (reader: Reader) => LegacyNode,
): LegacyNode {
  let left = readOperand(reader);
  while (isOperator(reader, operators)) {
    const { value: operator, at } = take(reader);
    left = { kind: 'arithmetic', operator, left, right: readOperand(reader), at };
  }
  return left;
}

function readValue(reader: Reader): LegacyNode {
  const token = take(reader);
  const { kind, value, at } = token;
  if (kind === 'number') return { kind: 'number', text: value, at };
  if (kind === 'text') return { kind: 'text', value, at };
  if (kind === 'name')
    return isOpening(reader) ? readCall(reader, token) : { kind: 'column', name: value, at };
  if (value === '-') return readNegative(reader, at);
  if (value === '(') {
    const inner = readCondition(reader);
    expect(reader, ')');
    return inner;
  }
  const what =
    kind === 'end' ? 'the expression ends too early' : `\`${value}\` is not expected here`;
  throw new LegacyProblem(what, token);
}

function readNegative(reader: Reader, at: number): LegacyNode {
  return { kind: 'negative', operand: within(reader, () => readValue(reader)), at };
}

const OPENING = new Set(['(']);
const isOpening = (reader: Reader): boolean => isOperator(reader, OPENING);

function expect(reader: Reader, operator: string): void {
  const token = take(reader);
  if (token.kind === 'operator' && token.value === operator) return;
  const found = token.kind === 'end' ? 'the end' : `\`${token.value}\``;
  throw new LegacyProblem(`\`${operator}\` is expected here, not ${found}`, token);
}

function readCall(reader: Reader, token: Token): LegacyNode {
  const name = token.value.toLowerCase();
  const wanted = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (wanted === undefined) {
    const near = nearestName(name, Object.keys(FUNCTIONS));
    const known = `the functions are ${Object.keys(FUNCTIONS).join(', ')}`;
    throw new LegacyProblem(
      `there is no function \`${token.value}\``,
      token,
      near ? `did you mean ${near}? ${known}` : known,
    );
  }
  const operands = readOperands(reader);
  const least = name === 'round' ? 1 : wanted;
  if (operands.length < least || operands.length > wanted)
    throw new LegacyProblem(
      `\`${name}\` takes ${wanted} ${wanted === 1 ? 'value' : 'values'}, not ${operands.length}`,
      token,
    );
  return { kind: 'call', name, operands, at: token.at };
}

const COMMA = new Set([',']);

function readOperands(reader: Reader): readonly LegacyNode[] {
  expect(reader, '(');
  const operands: LegacyNode[] = [readCondition(reader)];
  while (isOperator(reader, COMMA)) {
    take(reader);
    operands.push(readCondition(reader));
  }
  expect(reader, ')');
  return operands;
}
