import { stripVTControlCharacters } from 'node:util';

// Everything that moves the cursor or rings: C0 and C1 controls, and the marks that change the direction of text.
// oxlint-disable-next-line no-control-regex -- finding control characters is its purpose
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Text of others, safe to show on a terminal: no escape sequence, no control character, one line. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(CONTROL, ' ');
}

/** As `printable`, keeping line breaks. */
export function printableLines(text: string): string[] {
  return text.split(/\r?\n/).map((line) => printable(line.replaceAll('\t', '    ')));
}

/** Code points, which is the width on the terminal for all but wide scripts. */
export function widthOf(text: string): number {
  return Array.from(text).length;
}

/** Cuts text to a width, ending in an ellipsis when something was cut. */
export function cutTo(text: string, width: number): string {
  const characters = Array.from(text);
  if (characters.length <= width) return text;
  return width <= 1
    ? characters.slice(0, width).join('')
    : `${characters.slice(0, width - 1).join('')}…`;
}
