import type { SyntaxNode } from '@lezer/common';

/** A longer replacement is no hint any more. */
const LENGTH_MAX = 200;

type Written = (x: string, rest: readonly string[]) => string;

/** What Python's functions and methods of single values are as methods of whole columns. */
const FUNCTIONS: ReadonlyMap<string, Written> = new Map(
  Object.entries<Written>({
    len: (x) => `${x}.str.len_chars()`,
    abs: (x) => `${x}.abs()`,
    round: (x, rest) => `${x}.round(${rest.join(', ')})`,
    int: (x) => `${x}.cast(pl.Int64)`,
    float: (x) => `${x}.cast(pl.Float64)`,
    str: (x) => `${x}.cast(pl.String)`,
    bool: (x) => `${x}.cast(pl.Boolean)`,
  }),
);
const METHODS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    upper: 'str.to_uppercase',
    lower: 'str.to_lowercase',
    title: 'str.to_titlecase',
    strip: 'str.strip_chars',
    lstrip: 'str.strip_chars_start',
    rstrip: 'str.strip_chars_end',
    startswith: 'str.starts_with',
    endswith: 'str.ends_with',
    replace: 'str.replace_all',
    split: 'str.split',
    zfill: 'str.zfill',
    strftime: 'dt.strftime',
    date: 'dt.date',
    weekday: 'dt.weekday',
  }),
);
const PARTS: ReadonlySet<string> = new Set(['year', 'month', 'day', 'hour', 'minute', 'second']);
const ARITHMETIC: ReadonlySet<string> = new Set([
  '+',
  '-',
  '*',
  '/',
  '//',
  '%',
  '**',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
]);
const CONNECTIVES: Readonly<Record<string, string>> = { and: '&', or: '|' };

/**
 * The expression that does what a lambda would do, for `column.map_elements(lambda x: ...)` and its like: the body, with
 * the column for its argument. Undefined where the body does something that no expression of the column says so simply.
 */
export function lambdaHint(lambda: SyntaxNode, text: string): string | undefined {
  const call = lambda.parent?.parent;
  const callee = call?.name === 'CallExpression' ? call.firstChild : null;
  const column = callee?.name === 'MemberExpression' ? callee.firstChild : null;
  const parameters = lambda.getChild('ParamList');
  const names = parameters?.getChildren('VariableName') ?? [];
  const body = lambda.lastChild;
  if (!column || !body || names.length !== 1) return undefined;
  const of = (node: SyntaxNode): string => text.slice(node.from, node.to);
  const written = write(body, { of, name: of(names[0]!), column: of(column) });
  if (written === null || written.length > LENGTH_MAX) return undefined;
  return `write ${written}`;
}

type Context = {
  readonly of: (node: SyntaxNode) => string;
  /** The argument of the lambda. */
  readonly name: string;
  readonly column: string;
};

function write(node: SyntaxNode, context: Context): string | null {
  const { of, name, column } = context;
  switch (node.name) {
    case 'VariableName':
      return of(node) === name ? column : null;
    case 'Number':
    case 'String':
    case 'Boolean':
    case 'None':
      return of(node);
    case 'ParenthesizedExpression': {
      const inner = node.firstChild?.nextSibling;
      const written = inner ? write(inner, context) : null;
      return written && `(${written})`;
    }
    case 'BinaryExpression':
      return writeBinary(node, context);
    case 'UnaryExpression':
      return writeUnary(node, context);
    case 'ConditionalExpression':
      return writeConditional(node, context);
    case 'MemberExpression':
      return writeMember(node, context);
    case 'CallExpression':
      return writeCall(node, context);
    default:
      return null;
  }
}

function writeBinary(node: SyntaxNode, context: Context): string | null {
  const { firstChild, lastChild } = node;
  const operator = firstChild?.nextSibling;
  if (!firstChild || !lastChild || !operator) return null;
  const sides = [write(firstChild, context), write(lastChild, context)];
  const symbol = context.of(operator);
  const connective = CONNECTIVES[symbol];
  if (sides.includes(null)) return null;
  if (connective !== undefined) return `(${sides[0]}) ${connective} (${sides[1]})`;
  return ARITHMETIC.has(symbol) ? `${sides[0]} ${symbol} ${sides[1]}` : null;
}

function writeUnary(node: SyntaxNode, context: Context): string | null {
  const { firstChild, lastChild } = node;
  const operand = lastChild && write(lastChild, context);
  if (!firstChild || !operand) return null;
  const symbol = context.of(firstChild);
  return symbol === 'not' ? `~(${operand})` : `${symbol}${operand}`;
}

/** `a if b else c`; bare text in `then` would be a column. */
function writeConditional(node: SyntaxNode, context: Context): string | null {
  const parts: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling)
    if (child.name !== 'if' && child.name !== 'else') parts.push(child);
  const written = parts.map((part) => {
    const text = write(part, context);
    return text !== null && part.name === 'String' ? `pl.lit(${text})` : text;
  });
  if (parts.length !== 3 || written.includes(null)) return null;
  const [then, condition, otherwise] = written;
  return `pl.when(${condition}).then(${then}).otherwise(${otherwise})`;
}

/** `x.year`, `x["field"]`, `x[0:3]` */
function writeMember(node: SyntaxNode, context: Context): string | null {
  const [object, ...rest] = childrenOf(node);
  const owner = object && write(object, context);
  if (!owner) return null;
  const [bracket, key, ...more] = rest;
  if (bracket && context.of(bracket) === '.' && key)
    return PARTS.has(context.of(key)) ? `${owner}.dt.${context.of(key)}()` : null;
  if (!bracket || context.of(bracket) !== '[' || !key) return null;
  if (key.name === 'String') return `${owner}.struct.field(${context.of(key)})`;
  const inner = [key, ...more].map(context.of).join('').replace(/\]$/, '');
  const slice = /^(\d*):(\d*)$/.exec(inner);
  if (!slice) return null;
  const from = Number(slice[1] || '0');
  return slice[2]
    ? `${owner}.str.slice(${from}, ${Number(slice[2]) - from})`
    : `${owner}.str.slice(${from})`;
}

function writeCall(node: SyntaxNode, context: Context): string | null {
  const callee = node.firstChild;
  const list = node.getChild('ArgList');
  if (!callee || !list) return null;
  const given = childrenOf(list)
    .filter(({ name }) => !['(', ')', ','].includes(name))
    .map((argument) => write(argument, context));
  if (given.includes(null)) return null;
  const texts = given.map(String);
  if (callee.name === 'VariableName') {
    const known = FUNCTIONS.get(context.of(callee));
    const [first, ...rest] = texts;
    return known !== undefined && first !== undefined ? known(first, rest) : null;
  }
  const [object, , method] = childrenOf(callee);
  const owner = object && write(object, context);
  const name = method && METHODS.get(context.of(method));
  return owner && name ? `${owner}.${name}(${texts.join(', ')})` : null;
}

function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
}
