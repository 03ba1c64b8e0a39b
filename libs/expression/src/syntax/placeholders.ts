import { MAX_PLACEHOLDER_LENGTH } from '../limits.ts';
import type { Problems } from '../problems.ts';

/** The text with each `${{ params.x }}` replaced by a name of the same length, so that all places hold. */
export type PlaceholderText = {
  readonly text: string;
  /** Names of parameters by the offset at which they start. */
  readonly parameters: ReadonlyMap<number, string>;
};

const OPEN = '${{';
const CLOSE = '}}';
const CONTENT = /^\s*params\.([A-Za-z_][A-Za-z0-9_-]*)\s*$/;

export function replacePlaceholders(text: string, problems: Problems): PlaceholderText {
  const parameters = new Map<number, string>();
  const parts: string[] = [];
  let copied = 0;
  for (let from = text.indexOf(OPEN); from !== -1; from = text.indexOf(OPEN, copied)) {
    const reach = text.slice(from, from + MAX_PLACEHOLDER_LENGTH);
    const close = reach.indexOf(CLOSE);
    const end = from + (close === -1 ? OPEN.length : close + CLOSE.length);
    const name = CONTENT.exec(reach.slice(OPEN.length, Math.max(close, OPEN.length)))?.[1];
    if (name === undefined) reportWrongContent(problems, { from, to: end }, close !== -1);
    else parameters.set(from, name);
    parts.push(text.slice(copied, from), '_'.repeat(end - from));
    copied = end;
  }
  parts.push(text.slice(copied));
  return { text: parts.join(''), parameters };
}

function reportWrongContent(
  problems: Problems,
  span: { from: number; to: number },
  isClosed: boolean,
): void {
  if (isClosed) {
    problems.add(
      span,
      '`${{ ... }}` holds something other than a parameter',
      'write ${{ params.name }}',
    );
  } else {
    problems.add(
      span,
      '`${{` is not closed',
      'write ${{ params.name }} with both braces on the same line',
    );
  }
}
