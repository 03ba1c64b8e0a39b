/**
 * An independent answer to "when is this due?": every minute of UTC is walked through, the wall clock is read from
 * formatted text, and a line is matched by comparing each of its fields with it. It shares no code with the library.
 */

export type Wall = {
  readonly minute: number;
  readonly hour: number;
  readonly day: number;
  readonly month: number;
  readonly weekday: number;
  readonly daysInMonth: number;
};

export type OracleRules = {
  readonly gap: 'run_after' | 'skip';
  readonly overlap: 'first' | 'last' | 'both';
};

const MINUTE = 60_000;

/** Offsets of each minute from `from` on, read hour by hour and, where two hours differ, minute by minute. */
export function offsetsOf(zone: string, from: number, to: number): Int16Array {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  const read = (instant: number) =>
    (Date.parse(`${format.format(instant).replace(' ', 'T')}Z`) - instant) / MINUTE;
  const offsets = new Int16Array((to - from) / MINUTE);
  let hourBefore = read(from);
  for (let start = 0; start < offsets.length; start += 60) {
    const hourAfter = read(from + (start + 60) * MINUTE);
    for (let minute = start; minute < start + 60; minute += 1) {
      offsets[minute] = hourBefore === hourAfter ? hourBefore : read(from + minute * MINUTE);
    }
    hourBefore = hourAfter;
  }
  return offsets;
}

/** The instants at which a line is due, from its predicate on the wall clock. */
export function dueInstants(
  matches: (wall: Wall) => boolean,
  { from, offsets, rules }: { from: number; offsets: Int16Array; rules: OracleRules },
): number[] {
  const byWall = new Map<number, number[]>();
  const due: number[] = [];
  const walls = new WallReader();
  for (let index = 0; index < offsets.length; index += 1) {
    const instant = from + index * MINUTE;
    const wall = instant + offsets[index]! * MINUTE;
    const jump = index === 0 ? 0 : offsets[index]! - offsets[index - 1]!;
    if (jump > 0 && rules.gap === 'run_after') {
      const leftOut = range(wall - jump * MINUTE, wall);
      if (leftOut.some((one) => matches(walls.read(one)))) due.push(instant);
    }
    if (!matches(walls.read(wall))) continue;
    const shown = byWall.get(wall);
    if (shown === undefined) byWall.set(wall, [instant]);
    else shown.push(instant);
  }
  for (const shown of byWall.values()) {
    if (rules.overlap === 'both') due.push(...shown);
    else due.push(rules.overlap === 'first' ? shown[0]! : shown.at(-1)!);
  }
  return [...new Set(due)].toSorted((a, b) => a - b);
}

function range(from: number, before: number): number[] {
  const found: number[] = [];
  for (let one = from; one < before; one += MINUTE) found.push(one);
  return found;
}

/** The fields of the clock; the day's part is kept while the day stays the same. */
class WallReader {
  #day = Number.NaN;
  #date: Pick<Wall, 'day' | 'month' | 'weekday' | 'daysInMonth'> = {
    day: 1,
    month: 1,
    weekday: 0,
    daysInMonth: 31,
  };

  read(wall: number): Wall {
    const day = Math.floor(wall / 86_400_000);
    if (day !== this.#day) {
      const date = new Date(wall);
      const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
      this.#date = {
        day: date.getUTCDate(),
        month: month + 1,
        weekday: date.getUTCDay(),
        daysInMonth: new Date(Date.UTC(year, month + 1, 0)).getUTCDate(),
      };
      this.#day = day;
    }
    const { day: dayOfMonth, month, weekday, daysInMonth } = this.#date;
    const minuteOfDay = (wall - day * 86_400_000) / MINUTE;
    const [hour, minute] = [Math.floor(minuteOfDay / 60), minuteOfDay % 60];
    return { minute, hour, day: dayOfMonth, month, weekday, daysInMonth };
  }
}
