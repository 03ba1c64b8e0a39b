import type { SyntaxNode } from '@lezer/common';
import { MAX_LIST_ITEMS } from '../limits.ts';
import type { Problems, Span } from '../problems.ts';
import { lambdaHint } from './lambda-hint.ts';
import { decodeNumber, decodeString } from './literals.ts';
import type { PlaceholderText } from './placeholders.ts';
import {
  CHAINED_COMPARISON,
  EXPRESSION_REFUSALS,
  OPERATOR_REFUSALS,
  SUBSCRIPT,
} from './refusals.ts';
import type { KeywordSyntax, Syntax } from './syntax.ts';

export type Source = PlaceholderText & {
  readonly problems: Problems;
  /** Offsets of the placeholders that were read as values. */
  readonly used: Set<number>;
};

type Reader = (node: SyntaxNode) => Syntax;

const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=']);
const PUNCTUATION = new Set(['(', ')', '[', ']', '{', '}', ',']);

/** A function that turns a node of the grammar's tree into syntax, reporting what is not supported. */
export function createReader(source: Source): Reader {
  const read: Reader = (node) => {
    const span = { from: node.from, to: node.to };
    const refusal = EXPRESSION_REFUSALS[node.name];
    if (node.name === 'LambdaExpression') return refusedLambda(source, node);
    if (refusal) return refused(source, span, refusal);
    switch (node.name) {
      case 'VariableName':
        return readName(source, span);
      case 'Number':
        return readLiteral(source, span, decodeNumber(textOf(source, span)));
      case 'String':
      case 'ContinuedString':
        return readString(source, node, span);
      case 'Boolean':
        return { kind: 'boolean', value: textOf(source, span) === 'True', span };
      case 'None':
        return { kind: 'none', span };
      case 'ParenthesizedExpression':
        return readParenthesized(source, node, read);
      case 'ArrayExpression':
      case 'TupleExpression':
        return readItems(source, node, read);
      case 'DictionaryExpression':
        return readDictionary(source, node, read);
      case 'UnaryExpression':
        return readUnary(source, node, read);
      case 'BinaryExpression':
        return readBinary(source, node, read);
      case 'MemberExpression':
        return readMember(source, node, read);
      case 'CallExpression':
        return readCall(source, node, read);
      default:
        return refused(source, span, {
          message: `\`${textOf(source, span).slice(0, 40)}\` is not supported here`,
        });
    }
  };
  return read;
}

function refused(
  source: Source,
  span: Span,
  { message, hint }: { message: string; hint?: string },
): Syntax {
  source.problems.add(span, message, hint);
  return { kind: 'refused', span };
}

/** With the expression that replaces it, where the lambda is simple. */
function refusedLambda(source: Source, node: SyntaxNode): Syntax {
  const refusal = EXPRESSION_REFUSALS[node.name];
  const message = refusal?.message ?? '`lambda` is not supported';
  const hint = lambdaHint(node, source.text) ?? refusal?.hint;
  return refused(source, node, hint === undefined ? { message } : { message, hint });
}

function readName(source: Source, span: Span): Syntax {
  const parameter = source.parameters.get(span.from);
  const name = textOf(source, span);
  if (parameter === undefined) return { kind: 'name', name, span };
  source.used.add(span.from);
  return { kind: 'parameter', name: parameter, span };
}

type Decoded = { kind: 'integer' | 'float'; value: string } | { problem: string };

function readLiteral(source: Source, span: Span, decoded: Decoded): Syntax {
  if ('problem' in decoded) return refused(source, span, { message: decoded.problem });
  return { kind: decoded.kind, value: decoded.value, span };
}

/** One string, or several side by side, which Python joins. */
function readString(source: Source, node: SyntaxNode, span: Span): Syntax {
  const pieces = node.name === 'String' ? [node] : childrenOf(node);
  let value = '';
  let isBytes = false;
  for (const [index, piece] of pieces.entries()) {
    const formatted = EXPRESSION_REFUSALS[piece.name];
    if (formatted) return refused(source, piece, formatted);
    const decoded = decodeString(textOf(source, piece));
    if ('problem' in decoded) return refused(source, piece, { message: decoded.problem });
    if (index > 0 && decoded.isBytes !== isBytes)
      return refused(source, piece, { message: 'bytes and text do not go together' });
    isBytes = decoded.isBytes;
    value += decoded.value;
  }
  return isBytes ? { kind: 'bytes', hex: hexOf(value), span } : { kind: 'string', value, span };
}

function hexOf(bytes: string): string {
  return Array.from(bytes, (byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}

function readParenthesized(source: Source, node: SyntaxNode, read: Reader): Syntax {
  const [inner, ...rest] = childrenOf(node);
  const span = { from: node.from, to: node.to };
  if (inner === undefined || rest.length > 0) {
    return refused(
      source,
      span,
      rest.length > 0
        ? { message: '`:=` and `yield` are not supported here' }
        : { message: 'the parentheses are empty' },
    );
  }
  return read(inner);
}

function readItems(source: Source, node: SyntaxNode, read: Reader): Syntax {
  const span = { from: node.from, to: node.to };
  const children = childrenOf(node);
  if (children.length > MAX_LIST_ITEMS) {
    return refused(source, span, {
      message: `the list has more than ${MAX_LIST_ITEMS} members`,
      hint: 'put the values into a table and join with it',
    });
  }
  return { kind: 'list', items: children.map(read), span };
}

function readDictionary(source: Source, node: SyntaxNode, read: Reader): Syntax {
  const span = { from: node.from, to: node.to };
  const parts = childrenOf(node);
  const entries: (readonly [Syntax, Syntax])[] = [];
  for (let index = 0; index < parts.length; index += 3) {
    const [key, colon, value] = parts.slice(index, index + 3);
    if (!key || colon?.name !== ':' || !value) {
      return refused(source, span, { message: '`**` in a dictionary is not supported' });
    }
    entries.push([read(key), read(value)]);
  }
  return { kind: 'dictionary', entries, span };
}

function readUnary(source: Source, node: SyntaxNode, read: Reader): Syntax {
  const span = { from: node.from, to: node.to };
  const [operatorNode, operandNode] = childrenOf(node);
  if (!operatorNode || !operandNode)
    return refused(source, span, { message: 'an operand is missing' });
  const operator = textOf(source, operatorNode);
  const refusal = OPERATOR_REFUSALS[operator];
  if (refusal) return refused(source, span, refusal);
  return { kind: 'unary', operator, operand: read(operandNode), span };
}

function readBinary(source: Source, node: SyntaxNode, read: Reader): Syntax {
  const span = { from: node.from, to: node.to };
  const parts = childrenOf(node);
  const [left, operatorNode] = parts;
  const right = parts.at(-1);
  if (!left || !operatorNode || !right)
    return refused(source, span, { message: 'an operand is missing' });
  // `not in` and `is not` are two nodes: the second tells them from `not`.
  const words = parts.slice(1, -1).map((part) => textOf(source, part));
  const operator = words.includes('in') ? 'in' : (words[0] ?? '');
  const refusal = OPERATOR_REFUSALS[operator];
  if (refusal) return refused(source, operatorNode, refusal);
  if (COMPARISONS.has(operator) && isComparison(source, left)) {
    return refused(source, span, CHAINED_COMPARISON);
  }
  const operatorSpan = { from: operatorNode.from, to: operatorNode.to };
  return { kind: 'binary', operator, left: read(left), right: read(right), span, operatorSpan };
}

function isComparison(source: Source, node: SyntaxNode): boolean {
  if (node.name !== 'BinaryExpression') return false;
  const operator = childrenOf(node)[1];
  return operator !== undefined && COMPARISONS.has(textOf(source, operator));
}

function readMember(source: Source, node: SyntaxNode, read: Reader): Syntax {
  const span = { from: node.from, to: node.to };
  const [object, dot, property] = childrenOf(node, new Set());
  if (!object || dot?.name !== '.' || property?.name !== 'PropertyName') {
    return refused(source, span, SUBSCRIPT);
  }
  const name = textOf(source, property);
  const nameSpan = { from: property.from, to: property.to };
  if (name.startsWith('__')) {
    return refused(source, nameSpan, {
      message: `\`${name}\` is not supported`,
      hint: 'names with two underscores are internals of Python',
    });
  }
  return { kind: 'attribute', object: read(object), name, nameSpan, span };
}

function readCall(source: Source, node: SyntaxNode, read: Reader): Syntax {
  const span = { from: node.from, to: node.to };
  const [callee, list] = childrenOf(node);
  if (!callee || list?.name !== 'ArgList')
    return refused(source, span, { message: 'this call is not supported' });
  const positional: Syntax[] = [];
  const keywords: KeywordSyntax[] = [];
  for (const parts of splitArguments(list)) {
    const [first, operator, value] = parts;
    if (!first) continue;
    if (parts.length === 1) positional.push(read(first));
    else if (parts.length === 3 && operator && value && textOf(source, operator) === '=') {
      keywords.push({
        name: textOf(source, first),
        nameSpan: { from: first.from, to: first.to },
        value: read(value),
      });
    } else
      refused(
        source,
        { from: first.from, to: parts.at(-1)?.to ?? first.to },
        argumentRefusal(source, parts),
      );
  }
  if (positional.length > MAX_LIST_ITEMS) {
    return refused(source, span, { message: `the call has more than ${MAX_LIST_ITEMS} arguments` });
  }
  return { kind: 'call', callee: read(callee), positional, keywords, span };
}

function argumentRefusal(
  source: Source,
  parts: readonly SyntaxNode[],
): { message: string; hint?: string } {
  const words = parts.map((part) => textOf(source, part));
  if (words[0] === '*' || words[0] === '**') {
    return {
      message: `\`${words[0]}\` before an argument is not supported`,
      hint: 'write out the arguments',
    };
  }
  if (words.includes(':='))
    return EXPRESSION_REFUSALS['NamedExpression'] ?? { message: '`:=` is not supported' };
  return (
    EXPRESSION_REFUSALS['ComprehensionExpression'] ?? { message: 'this argument is not supported' }
  );
}

/** The nodes of each argument, split at the commas. */
function splitArguments(list: SyntaxNode): readonly (readonly SyntaxNode[])[] {
  const groups: SyntaxNode[][] = [[]];
  for (const child of childrenOf(list, new Set(['(', ')']))) {
    if (child.name === ',') groups.push([]);
    else groups.at(-1)?.push(child);
  }
  return groups;
}

function childrenOf(
  node: SyntaxNode,
  without: ReadonlySet<string> = PUNCTUATION,
): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'Comment' && !without.has(child.name)) children.push(child);
  }
  return children;
}

function textOf(source: Source, span: Span): string {
  return source.text.slice(span.from, span.to);
}
