import { FloeError, nearestName } from '@floe/errors';
import type { FrameNode, FramePlan } from '../frame-plan.ts';
import { MAX_TEXT_BYTES } from '../limits.ts';
import { parameterLiteral, type ParameterValue } from '../parameter-value.ts';
import { collectProblems, type Problems } from '../problems.ts';
import type { Literal } from '../program.ts';
import { parameterNameOf } from './placeholder.ts';
import { readQuery } from './read-query.ts';
import { scanSql, type SqlPiece } from './scan-sql.ts';
import type { SqlSelection } from './sql-syntax.ts';

/** One SELECT of Polars' SQL over the inputs. What its names mean is known with the columns of these, see sql-program.ts. */
export type SqlQuery = {
  readonly text: string;
  readonly selection: SqlSelection;
  /** The inputs that it names, each once. */
  readonly inputs: readonly string[];
  /** Names of the workflow's parameters in it, each once. */
  readonly parameters: readonly string[];
  readonly pieces: readonly SqlPiece[];
};

/** Functions of Polars' SQL that read files: data comes from inputs alone. */
const READERS = /^(read|scan)_(csv|parquet|ipc|json|ndjson|delta|avro|database)$/i;

/** Throws FloeError EXPRESSION_INVALID with places in the text. */
export function parseSql(text: string, { inputs }: { inputs: readonly string[] }): SqlQuery {
  const problems = collectProblems(text, 'sql');
  if (new TextEncoder().encode(text).length > MAX_TEXT_BYTES) {
    problems.add({ from: 0, to: 0 }, `the text is larger than ${MAX_TEXT_BYTES / 1024} KiB`);
    problems.throwIfAny();
  }
  const pieces = scanSql(text);
  checkStatement(pieces, problems);
  for (const piece of pieces) checkPiece(piece, problems);
  const named = namedInputs(pieces, inputs);
  if (named.length === 0 && !problems.hasAny()) reportNoInput(pieces, inputs, problems);
  problems.throwIfAny();
  const parameters = pieces.flatMap((piece) => parameterNameOf(piece) ?? []);
  const selection = readQuery(text, pieces, problems);
  return { text, selection, inputs: named, parameters: [...new Set(parameters)], pieces };
}

const meaningful = (pieces: readonly SqlPiece[]): readonly SqlPiece[] =>
  pieces.filter(({ kind }) => kind !== 'comment');

function checkStatement(pieces: readonly SqlPiece[], problems: Problems): void {
  const [first, ...rest] = meaningful(pieces);
  const isBracket = first?.kind === 'mark' && first.text === '(';
  const isSelect =
    isBracket || (first?.kind === 'word' && /^(select|with|from)$/i.test(first.text));
  if (!isSelect) {
    const span = { from: first?.from ?? 0, to: (first?.from ?? 0) + (first?.text.length ?? 0) };
    problems.add(span, '`sql` is one SELECT', 'begin with SELECT or WITH');
  }
  const semicolon = rest.findIndex(({ kind, text }) => kind === 'mark' && text === ';');
  const after = semicolon === -1 ? undefined : rest[semicolon + 1];
  if (after !== undefined)
    problems.add(
      { from: after.from, to: after.from + after.text.length },
      'one statement only',
      'put the others into tasks of their own',
    );
}

function checkPiece(piece: SqlPiece, problems: Problems): void {
  const { kind, text, from } = piece;
  const span = { from, to: from + text.length };
  const name = kind === 'quotedName' ? text.slice(1, -1) : text;
  if ((kind === 'word' || kind === 'quotedName') && READERS.test(name))
    problems.add(
      span,
      `\`${name}\` is not supported`,
      'read data in a task of its own and name it under `inputs`',
    );
  if (kind === 'unclosed') problems.add(span, 'the quote or comment is not closed');
  if (kind === 'placeholder' && parameterNameOf(piece) === null)
    problems.add(
      span,
      '`${{ ... }}` holds something other than a parameter',
      'write ${{ params.name }}',
    );
  if ((kind === 'string' || kind === 'quotedName') && text.includes('${{'))
    problems.add(
      span,
      'a parameter inside quotes is not replaced',
      'write the parameter as a value of its own, without quotes: origin = ${{ params.name }}',
    );
}

function namedInputs(pieces: readonly SqlPiece[], inputs: readonly string[]): readonly string[] {
  const words = new Set<string>();
  for (const { kind, text } of pieces) {
    if (kind === 'word') words.add(text);
    if (kind === 'quotedName') words.add(text.slice(1, -1));
  }
  return inputs.filter((name) => words.has(name));
}

function reportNoInput(
  pieces: readonly SqlPiece[],
  inputs: readonly string[],
  problems: Problems,
): void {
  const from = pieces.findIndex(({ kind, text }) => kind === 'word' && /^from$/i.test(text));
  const table = from === -1 ? undefined : pieces[from + 1];
  const near = table && nearestName(table.text, inputs);
  const at = table?.from ?? 0;
  problems.add(
    { from: at, to: at + (table?.text.length ?? 0) },
    'the query reads none of the inputs',
    near ? `did you mean ${near}?` : `the inputs are ${inputs.join(', ')}`,
  );
}

/**
 * The query with its parameters bound as literals, as a plan. Throws PARAMETER_INVALID when a parameter has no value, or
 * one that is not of its kind.
 */
export function toSqlPlan(
  query: SqlQuery,
  parameters: Readonly<Record<string, ParameterValue>>,
): FramePlan {
  const nodes: FrameNode[] = query.inputs.map((name) => ({ op: 'input', name }));
  const inputs = query.inputs.map((name, node) => ({ name, node }));
  nodes.push({ op: 'sql', inputs, query: boundText(query, parameters) });
  return { nodes, output: nodes.length - 1 };
}

function boundText(
  { text, pieces }: SqlQuery,
  parameters: Readonly<Record<string, ParameterValue>>,
): string {
  let bound = '';
  let copied = 0;
  for (const piece of pieces) {
    const name = parameterNameOf(piece);
    if (name === null) continue;
    const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (value === undefined)
      throw new FloeError('PARAMETER_INVALID', `the parameter "${name}" has no value`, {
        details: { parameter: name },
      });
    bound += text.slice(copied, piece.from) + sqlLiteral(parameterLiteral(name, value));
    copied = piece.from + piece.text.length;
  }
  return (bound + text.slice(copied)).trim().replace(/;\s*$/, '');
}

function sqlLiteral(literal: Literal): string {
  switch (literal.kind) {
    case 'null':
      return 'NULL';
    case 'boolean':
      return literal.value ? 'TRUE' : 'FALSE';
    case 'integer':
    case 'float':
      return `(${literal.value})`;
    case 'date':
      return `CAST('${new Date(literal.days * 86_400_000).toISOString().slice(0, 10)}' AS DATE)`;
    case 'datetime':
      return `CAST('${clockOf(literal.microseconds)}' AS TIMESTAMP)`;
    case 'string':
      return `'${literal.value.replaceAll("'", "''")}'`;
    default:
      throw new FloeError('PARAMETER_INVALID', `a ${literal.kind} cannot stand in \`sql\``);
  }
}

function clockOf(microseconds: string): string {
  const whole = BigInt(microseconds);
  const milliseconds = Number(whole / 1_000n);
  const rest = String(((whole % 1_000n) + 1_000n) % 1_000n).padStart(3, '0');
  return `${new Date(milliseconds).toISOString().slice(0, -1).replace('T', ' ')}${rest}`;
}
