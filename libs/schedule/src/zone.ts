/**
 * Time zones, as stretches of time in which the clock on the wall is ahead of UTC by the same amount.
 *
 * The rules are those of the IANA database that the JavaScript engine brings along. A zone reads the changes of a year
 * when they are first asked for, and keeps them: asking the engine costs a microsecond, and a year 200 of them.
 */

/** `start <= instant < end`. At `start` the offset was another, or the same where nothing changes for a long time. */
export type Stretch = {
  readonly start: number;
  readonly end: number;
  readonly offsetMs: number;
  readonly offsetBeforeMs: number;
  readonly offsetAfterMs: number;
};

export type Zone = {
  readonly name: string;
  offsetAt(instant: number): number;
  stretchAt(instant: number): Stretch;
};

/** Zones by name, each made once. */
export type Zones = {
  /** Undefined when there is no such zone. */
  find(name: string): Zone | undefined;
};

export function createZones(): Zones {
  const known = new Map<string, Zone>();
  return {
    find(name) {
      const zone = known.get(name) ?? openZone(name);
      if (zone !== undefined) known.set(name, zone);
      return zone;
    },
  };
}

/** Names like Europe/Oslo, and UTC; no bare offsets, which know no summer. */
const NAME = /^[A-Za-z][A-Za-z0-9_+\-/]{0,63}$/;

function openZone(name: string): Zone | undefined {
  if (!NAME.test(name)) return undefined;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  } catch (error) {
    // The engine says in this way that it knows no such zone.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return new ChangingZone(name, (instant) => readOffset(format.format(instant)));
}

const OFFSET = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/;

function readOffset(formatted: string): number {
  const [, sign, hours, minutes, seconds] = OFFSET.exec(formatted) ?? [];
  if (sign === undefined) return 0;
  const total = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds ?? 0);
  return (sign === '-' ? -total : total) * 1_000;
}

/** From `at` on the offset is `offsetMs`. */
type Change = { readonly at: number; readonly beforeMs: number; readonly offsetMs: number };

// Two changes that undo each other lie weeks apart (the shortest known: a pause of summer time over Ramadan).
const SAMPLE_MS = 2 * 86_400_000;

class ChangingZone implements Zone {
  readonly name: string;
  readonly #ask: (instant: number) => number;
  readonly #years = new Map<number, readonly Change[]>();

  constructor(name: string, ask: (instant: number) => number) {
    this.name = name;
    this.#ask = ask;
  }

  offsetAt(instant: number): number {
    return this.stretchAt(instant).offsetMs;
  }

  /**
   * Looks one year back and one ahead. Where nothing changes the stretch ends there, and the next one says the same.
   */
  stretchAt(instant: number): Stretch {
    const year = new Date(instant).getUTCFullYear();
    const changes = [year - 1, year, year + 1].flatMap((one) => this.#changesIn(one));
    const last = changes.findLast(({ at }) => at <= instant);
    const next = changes.find(({ at }) => at > instant);
    const offsetMs = last?.offsetMs ?? next?.beforeMs ?? this.#ask(instant);
    return {
      start: last?.at ?? Date.UTC(year - 1, 0, 1),
      end: next?.at ?? Date.UTC(year + 2, 0, 1),
      offsetMs,
      offsetBeforeMs: last?.beforeMs ?? offsetMs,
      offsetAfterMs: next?.offsetMs ?? offsetMs,
    };
  }

  #changesIn(year: number): readonly Change[] {
    const known = this.#years.get(year);
    if (known !== undefined) return known;
    const changes = this.#findChanges(Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1));
    this.#years.set(year, changes);
    return changes;
  }

  /** Changes at an instant of `[from, to)`. */
  #findChanges(from: number, to: number): Change[] {
    const changes: Change[] = [];
    let low = from - 1_000;
    let beforeMs = this.#ask(low);
    while (low < to - 1_000) {
      const high = Math.min(low + SAMPLE_MS, to - 1_000);
      const offsetMs = this.#ask(high);
      if (offsetMs !== beforeMs) changes.push({ at: this.#bisect(low, high), beforeMs, offsetMs });
      low = high;
      beforeMs = offsetMs;
    }
    return changes;
  }

  /** The second of `(low, high]` from which the offset is that of `high`. */
  #bisect(low: number, high: number): number {
    const offsetMs = this.#ask(high);
    let [before, after] = [low, high];
    while (after - before > 1_000) {
      const middle = before + Math.floor((after - before) / 2_000) * 1_000;
      if (this.#ask(middle) === offsetMs) after = middle;
      else before = middle;
    }
    return after;
  }
}

/** Every zone name that the engine lists, for "did you mean". */
export function zoneNames(): readonly string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone')];
}
