import type { FloeError, Violation } from '@floe/errors';
import type { Colors } from '../terminal.ts';
import { printable, printableLines } from './printable.ts';

/** The text that the places of violations point into. */
export type ErrorSource = { readonly path: string; readonly text: string };

// Enough to work through in one go; more would push the first ones off the screen.
const SHOWN_VIOLATIONS_MAX = 20;

/**
 * An error as people read it: what is wrong, where (with the line marked), why, and what mends it.
 * `source` is the document that the command sent, when there is one.
 */
export function renderError(
  error: FloeError,
  { colors, source }: { readonly colors: Colors; readonly source?: ErrorSource },
): string[] {
  const shown = error.violations.slice(0, SHOWN_VIOLATIONS_MAX);
  const [first = '', ...rest] = printableLines(error.message);
  const lines = [`${colors.red(colors.bold('error'))} ${colors.dim(error.code)} ${first}`, ...rest];
  for (const violation of shown) {
    lines.push('', ...renderViolation(violation, { colors, source }));
  }
  const hidden = error.violations.length - shown.length;
  if (hidden > 0) lines.push('', colors.dim(`… and ${hidden} more`));
  const isSaid = shown.some((violation) => violation.hint === error.hint);
  if (error.hint !== undefined && error.hint !== '' && !isSaid) {
    lines.push(...renderHint(error.hint, colors));
  }
  return lines;
}

/** One thing that is wrong: its place and message, the line with the marked text, the hint. */
export function renderViolation(
  violation: Violation,
  { colors, source }: { readonly colors: Colors; readonly source?: ErrorSource | undefined },
): string[] {
  const { place, field, message, hint } = violation;
  const path = source === undefined ? '' : source.path;
  const at = place === undefined ? path : `${path}:${place.line}:${place.column}`;
  const where = [at, field].filter((part) => part !== '').join(' ');
  const lines = [`${colors.bold(printable(where))}  ${printable(message)}`];
  if (place !== undefined && source !== undefined) {
    lines.push(...renderPlace(place, { text: source.text, colors }));
  }
  if (hint !== undefined && hint !== '') lines.push(...renderHint(hint, colors));
  return lines;
}

function renderPlace(
  place: NonNullable<Violation['place']>,
  { text, colors }: { readonly text: string; readonly colors: Colors },
): string[] {
  const line = text.split(/\r?\n/)[place.line - 1];
  if (line === undefined) return [];
  const gutter = String(place.line);
  const before = printable(line.slice(0, place.column - 1));
  const markable = Math.max(1, line.length - place.column + 1);
  const mark = '^'.repeat(Math.max(1, Math.min(place.length, markable)));
  return [
    `${colors.dim(`${gutter} │`)} ${printable(line)}`,
    `${colors.dim(`${' '.repeat(gutter.length)} │`)} ${' '.repeat(before.length)}${colors.red(mark)}`,
  ];
}

function renderHint(hint: string, colors: Colors): string[] {
  const [first = '', ...rest] = printableLines(hint);
  return [`${colors.cyan('→')} ${first}`, ...rest.map((line) => `  ${line}`)];
}

/** The same for programs: one JSON document. */
export function errorDocument(error: FloeError): string {
  const { code, message, hint, details, violations } = error;
  return JSON.stringify({ error: { code, message, hint, details, violations } }, undefined, 2);
}
