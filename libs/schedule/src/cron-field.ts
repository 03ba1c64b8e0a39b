/** What one field of a cron line may hold. */
export type FieldRange = {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Words for numbers, in lower case. */
  readonly words?: ReadonlyMap<string, number>;
};

/** Why a cron line is refused, and what mends it. */
export class CronProblem extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

const PART = /^(\*|[a-z0-9]+)(?:-([a-z0-9]+))?(?:\/(\d{1,4}))?$/;

/** The values of one comma-free part: `*`, `5`, `1-5`, `*\/15`, `mon-fri`. */
export function valuesOfPart(part: string, range: FieldRange): number[] {
  const match = PART.exec(part);
  if (match === null || (match[1] === '*' && match[2] !== undefined)) throw unreadable(part, range);
  const [, first, second, stepText] = match;
  const step = stepText === undefined ? 1 : readStep(stepText, range);
  const from = first === '*' ? range.min : readValue(first!, range);
  const to = second === undefined ? endOf(from, match, range) : readValue(second, range);
  if (to < from) {
    throw new CronProblem(
      `\`${part}\` in ${range.name} goes backwards`,
      `Write two ranges: ${first}-${range.max},${range.min}-${second}.`,
    );
  }
  const values: number[] = [];
  for (let value = from; value <= to; value += step) values.push(value);
  return values;
}

/** `5` is 5; `5/10` is every tenth from 5; `*` is everything. */
function endOf(from: number, match: RegExpExecArray, range: FieldRange): number {
  return match[1] === '*' || match[3] !== undefined ? range.max : from;
}

function readStep(text: string, range: FieldRange): number {
  const step = Number(text);
  const most = range.max - range.min;
  if (step >= 1 && step <= most) return step;
  throw new CronProblem(
    `the step /${text} in ${range.name} must be from 1 to ${most}`,
    'For a rhythm that does not fit into the field use `every`, like `every: 90m`.',
  );
}

export function readValue(text: string, range: FieldRange): number {
  const value = range.words?.get(text) ?? (/^\d{1,4}$/.test(text) ? Number(text) : undefined);
  if (value !== undefined && value >= range.min && value <= range.max) return value;
  const words = range.words === undefined ? '' : ` or ${[...range.words.keys()].join(', ')}`;
  throw new CronProblem(
    `\`${text}\` is not a value of ${range.name}: ${range.min} to ${range.max}${words}`,
  );
}

function unreadable(part: string, range: FieldRange): CronProblem {
  return new CronProblem(
    `\`${part}\` in ${range.name} is not understood`,
    'A field holds *, numbers, ranges like 1-5, steps like */15, and lists of these with commas.',
  );
}
