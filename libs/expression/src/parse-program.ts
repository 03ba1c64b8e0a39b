import { FloeError } from '@floe/errors';
import { bindExpression } from './bind/bind-expression.ts';
import { bindFrame } from './bind/bind-frame.ts';
import { RESERVED_NAMES, type Binder, type FrameSource } from './bind/binder.ts';
import { createValues, isValue } from './bind/substitute.ts';
import { MAX_TEXT_BYTES } from './limits.ts';
import { reportTooDeep } from './lower/check-depth.ts';
import { collectProblems, type Problems } from './problems.ts';
import type { Program, Statement } from './program.ts';
import { readPython } from './syntax/read-python.ts';
import type { StatementSyntax } from './syntax/syntax.ts';

/**
 * Polars text as people write it in Python, to a tree. Nothing is evaluated. `inputs` are the names of the frames that
 * the text can use.
 *
 * Throws FloeError EXPRESSION_INVALID; its violations carry place and hint, at most MAX_VIOLATIONS of them.
 */
export function parseProgram(text: string, { inputs }: { inputs: readonly string[] }): Program {
  if (text.length > MAX_TEXT_BYTES || new TextEncoder().encode(text).length > MAX_TEXT_BYTES) {
    const message = `the text is larger than ${MAX_TEXT_BYTES / 1024} KiB`;
    const hint = 'divide it into several tasks';
    throw new FloeError('EXPRESSION_INVALID', message, {
      hint,
      violations: [{ field: 'polars', message, hint, place: { line: 1, column: 1, length: 0 } }],
    });
  }
  const problems = collectProblems(text);
  const { statements, parameters } = readPython(text, problems);
  const bound = bindStatements(statements, inputs, problems);
  problems.throwIfAny();
  const program: Program = { text, inputs, statements: bound, parameters };
  reportTooDeep(program, problems);
  problems.throwIfAny();
  return program;
}

function bindStatements(
  statements: readonly StatementSyntax[],
  inputs: readonly string[],
  problems: Problems,
): readonly Statement[] {
  const frames = new Map<string, FrameSource>(inputs.map((name) => [name, { kind: 'input' }]));
  const binder: Binder = {
    problems,
    frames,
    expression: (syntax, textIs) => bindExpression(binder, syntax, textIs),
    frame: (syntax) => bindFrame(binder, syntax),
  };
  const values = createValues(problems);
  const bound: Statement[] = [];
  for (const [index, statement] of statements.entries()) {
    const isLast = index === statements.length - 1;
    checkPosition(statement, { isLast, problems });
    const value = values.writeOut(statement.value);
    if (value === null) continue;
    const isNamed = statement.name !== null && !isLast;
    if (isNamed && isValue(value, (name) => frames.has(name))) {
      frames.delete(statement.name);
      values.set(statement.name, value);
      continue;
    }
    if (statement.name !== null) values.forget(statement.name);
    const frame = binder.frame(value);
    if (frame !== null) bound.push({ name: statement.name, frame, span: statement.span });
    // A frame that did not bind keeps its name, so that each of its uses is not one more error.
    if (statement.name !== null)
      frames.set(statement.name, { kind: 'statement', index: bound.length - 1 });
  }
  if (statements.length === 0) {
    problems.add(
      { from: 0, to: 0 },
      'there is no frame',
      'end with a frame, like flights.filter(...)',
    );
  }
  return bound;
}

function checkPosition(
  { name, span }: StatementSyntax,
  { isLast, problems }: { isLast: boolean; problems: Problems },
): void {
  if (name === null && !isLast) {
    problems.add(span, 'this frame is not used', 'give it a name, or make it the last line');
  }
  if (name !== null && RESERVED_NAMES.has(name)) {
    problems.add(
      span,
      `\`${name}\` is a name of Polars or Python`,
      'choose another name for the frame',
    );
  }
}
