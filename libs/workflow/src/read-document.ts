import { FloeError, type Place, type Violation } from '@floe/errors';
import { Composer, type Document, Lexer, LineCounter, Parser, type YAMLError } from 'yaml';
import { placeAtOffset } from './text-source.ts';
import { DOCUMENT_BYTES_MAX, DOCUMENT_DEPTH_MAX, VIOLATION_COUNT_MAX } from './limits.ts';

/** A text that was read as YAML (of which JSON is a part), not yet as a workflow. */
export type ReadDocument = {
  readonly text: string;
  readonly yaml: Document;
  /** Line and column of a stretch of the text. */
  place(start: number, end: number): Place;
};

// The parser's stack has up to two entries for each level; the exact depth is checked on the finished tree.
const PARSER_STACK_MAX = 4 * DOCUMENT_DEPTH_MAX;

/** Reads the text or throws DOCUMENT_INVALID with what the parser says, or DOCUMENT_TOO_LARGE. */
export function readDocument(text: string): ReadDocument {
  refuseOversize(text);
  refuseNul(text);
  const lines = new LineCounter();
  const document = compose(text, lines);
  const place = (start: number, end: number) => placeOf({ text, lines, start, end });
  const violations = [...document.errors, ...document.warnings]
    .slice(0, VIOLATION_COUNT_MAX)
    .map((error) => syntaxViolation(error, place));
  if (violations.length > 0) {
    throw new FloeError(
      'DOCUMENT_INVALID',
      `the document is not valid YAML: ${violations[0]!.message}`,
      {
        violations,
      },
    );
  }
  return { text, yaml: document, place };
}

function refuseOversize(text: string): void {
  const bytes =
    text.length > DOCUMENT_BYTES_MAX ? text.length : new TextEncoder().encode(text).length;
  if (bytes <= DOCUMENT_BYTES_MAX) return;
  throw new FloeError(
    'DOCUMENT_TOO_LARGE',
    `the document has more than ${DOCUMENT_BYTES_MAX} bytes`,
    {
      hint: 'Split it into several workflows, or move data that it contains into a table.',
    },
  );
}

/** Everywhere, comments too: the source is stored as it is, and PostgreSQL stores no NUL. */
function refuseNul(text: string): void {
  const offset = text.indexOf('\u0000');
  if (offset === -1) return;
  throw new FloeError('DOCUMENT_INVALID', 'the document holds the character NUL', {
    violations: [
      {
        field: '',
        message: 'the character NUL stands here',
        hint: 'Save the file as UTF-8 text.',
        place: placeAtOffset(text, offset, 1),
      },
    ],
  });
}

/** The lexer and parser keep their own stacks and the composer recurses: so the depth is bounded between them. */
function compose(text: string, lines: LineCounter): Document {
  const parser = new Parser(lines.addNewLine);
  // The check for duplicate keys that the parser has compares every pair; ours is linear (read-value.ts).
  const composer = new Composer({ version: '1.2', uniqueKeys: false, intAsBigInt: true });
  const documents: Document[] = [];
  lines.addNewLine(0);
  const take = (document: Document) => documents.push(document);
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) for (const d of composer.next(token)) take(d);
    if (parser.stack.length > PARSER_STACK_MAX) throw tooDeep();
  }
  for (const token of parser.end()) for (const d of composer.next(token)) take(d);
  for (const document of composer.end(true, text.length)) take(document);
  if (documents.length > 1) throw severalDocuments(documents[1]!, lines);
  return documents[0]!;
}

export function tooDeep(): FloeError {
  return new FloeError(
    'DOCUMENT_TOO_LARGE',
    `the document is nested deeper than ${DOCUMENT_DEPTH_MAX} levels`,
  );
}

function severalDocuments(second: Document, lines: LineCounter): FloeError {
  const { line, col } = lines.linePos(second.range?.[0] ?? 0);
  return new FloeError('DOCUMENT_INVALID', 'the text holds more than one YAML document', {
    violations: [
      {
        field: '',
        message: 'a second document begins here',
        hint: 'Put each workflow into a file of its own.',
        place: { line, column: col, length: 0 },
      },
    ],
  });
}

function syntaxViolation(error: YAMLError, place: ReadDocument['place']): Violation {
  const [start, end] = error.pos;
  const message = error.message.replace(/\s+/g, ' ');
  const hint = SYNTAX_HINTS[error.code];
  return { field: '', message, place: place(start, end), ...(hint === undefined ? {} : { hint }) };
}

const SYNTAX_HINTS: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'Indent with spaces.',
  BAD_INDENT: 'Align the keys of one block in the same column.',
  BLOCK_AS_IMPLICIT_KEY: 'A value that holds ": " needs quotes, or a line of its own.',
  MISSING_CHAR: 'Close what is open, or put a colon and a space behind the key.',
  MULTILINE_IMPLICIT_KEY: 'A key stands on one line, with a colon and a space behind it.',
  TAG_RESOLVE_FAILED: 'Leave tags like !name out; write the plain value.',
};

type Stretch = {
  readonly text: string;
  readonly lines: LineCounter;
  readonly start: number;
  readonly end: number;
};

/** Marks end with their line: an error that spans lines is shown at its beginning. */
function placeOf({ text, lines, start, end }: Stretch): Place {
  const { line, col } = lines.linePos(Math.min(start, text.length));
  const newline = text.indexOf('\n', start);
  const lineEnd = newline === -1 ? text.length : newline;
  return { line, column: col, length: Math.max(0, Math.min(end, lineEnd) - start) };
}
