import {
  MAX_CHAINED_OPERATORS,
  MAX_LIST_ITEMS,
  MAX_NESTING,
  MAX_STATEMENTS,
  MAX_STRINGS,
} from '../limits.ts';
import type { Problems } from '../problems.ts';

/**
 * Looks at brackets, strings and operators alone, once, before the grammar reads the text: a text that is out of all
 * measure is refused in the time that it takes to look at its characters. The grammar would need far longer for it.
 */
type Scan = {
  readonly text: string;
  readonly problems: Problems;
  /** Commas and operators so far at each level of brackets. */
  readonly levels: Level[];
  strings: number;
  lines: number;
};
type Level = { commas: number; operators: number };

const OPENING = new Set(['(', '[', '{']);
const CLOSING = new Set([')', ']', '}']);
const OPERATORS = new Set(['+', '-', '*', '/', '%', '&', '|', '^', '~', '<', '>', '=', '.']);
const QUOTES = new Set(['"', "'"]);

/** Whether the text has a shape that the grammar may read; if not, that is reported. */
export function hasReadableShape(text: string, problems: Problems): boolean {
  const scan: Scan = { text, problems, levels: [emptyLevel()], strings: 0, lines: 0 };
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (QUOTES.has(character)) {
      at = endOfString(text, at);
      scan.strings += 1;
    } else if (character === '#') {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end - 1;
    } else if (!step(scan, character, at)) return false;
    const isCrowded = scan.strings > MAX_STRINGS && refuse(scan, at, 'there are too many strings');
    if (isCrowded) return false;
  }
  return true;
}

const emptyLevel = (): Level => ({ commas: 0, operators: 0 });

function step(scan: Scan, character: string, at: number): boolean {
  const level = scan.levels.at(-1) ?? emptyLevel();
  if (OPENING.has(character)) {
    scan.levels.push(emptyLevel());
    if (scan.levels.length > MAX_NESTING + 1)
      return !refuse(scan, at, `the text is nested too deeply (at most ${MAX_NESTING} levels)`);
  } else if (CLOSING.has(character)) {
    if (scan.levels.length > 1) scan.levels.pop();
  } else if (character === ',') {
    level.commas += 1;
    level.operators = 0;
    if (level.commas > MAX_LIST_ITEMS + 1)
      return !refuse(scan, at, `the list has more than ${MAX_LIST_ITEMS} members`);
  } else if (character === '\n') {
    if (scan.levels.length > 1) return true;
    level.operators = 0;
    level.commas = 0;
    scan.lines += 1;
    if (scan.lines > MAX_STATEMENTS) return !refuse(scan, at, 'the text has too many lines');
  } else if (OPERATORS.has(character)) {
    level.operators += 1;
    if (level.operators > MAX_CHAINED_OPERATORS)
      return !refuse(scan, at, 'too many operators follow each other');
  }
  return true;
}

function refuse({ problems }: Scan, at: number, message: string): true {
  problems.add({ from: at, to: at + 1 }, message, 'divide the text into several tasks');
  return true;
}

/** The place of the last quote of a string, or of the end of what cannot be one. */
function endOfString(text: string, from: number): number {
  const quote = text.charAt(from);
  const isLong = text.startsWith(quote.repeat(3), from);
  const close = isLong ? quote.repeat(3) : quote;
  for (let at = from + close.length; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '\\') at += 1;
    else if (!isLong && character === '\n') return at - 1;
    else if (character === quote && text.startsWith(close, at)) return at + close.length - 1;
  }
  return text.length;
}
