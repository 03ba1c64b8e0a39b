/**
 * Where the hands of a clock on the wall match a cron line. Wall times are counted in milliseconds as if the wall were
 * in UTC: zones and their changes are not known here.
 */
import type { Cron } from './cron.ts';
import { DAY_MS, matchesDay, skipBackToMonth, skipToMonth } from './matching-days.ts';

export type WallWindow = { readonly from: number; readonly before: number };

/** The first match with `from <= wall < before`. */
export function firstMatch(cron: Cron, { from, before }: WallWindow): number | undefined {
  let day = Math.floor(from / DAY_MS);
  let second = Math.ceil((from - day * DAY_MS) / 1_000);
  while (day * DAY_MS < before) {
    const found = matchesDay(cron, day) ? firstSecond(cron, second) : undefined;
    if (found !== undefined) return below(day * DAY_MS + found * 1_000, before);
    day = skipToMonth(cron, day + 1);
    second = 0;
  }
  return undefined;
}

/** The last match with `from <= wall < before`. */
export function lastMatch(cron: Cron, { from, before }: WallWindow): number | undefined {
  const latest = Math.ceil(before / 1_000) - 1;
  let day = Math.floor((latest * 1_000) / DAY_MS);
  let second = latest - (day * DAY_MS) / 1_000;
  while ((day + 1) * DAY_MS > from) {
    const found = matchesDay(cron, day) ? lastSecond(cron, second) : undefined;
    if (found !== undefined) return atLeast(day * DAY_MS + found * 1_000, from);
    day = skipBackToMonth(cron, day - 1);
    second = DAY_MS / 1_000 - 1;
  }
  return undefined;
}

function below(wall: number, before: number): number | undefined {
  return wall < before ? wall : undefined;
}

function atLeast(wall: number, from: number): number | undefined {
  return wall >= from ? wall : undefined;
}

function firstSecond({ hours, minutes, seconds }: Cron, from: number): number | undefined {
  const wanted = clockOf(from);
  for (const hour of hours) {
    if (hour < wanted.hour) continue;
    if (hour > wanted.hour) return secondOf(hour, minutes[0]!, seconds[0]!);
    for (const minute of minutes) {
      if (minute < wanted.minute) continue;
      if (minute > wanted.minute) return secondOf(hour, minute, seconds[0]!);
      const second = seconds.find((candidate) => candidate >= wanted.second);
      if (second !== undefined) return secondOf(hour, minute, second);
    }
  }
  return undefined;
}

function lastSecond({ hours, minutes, seconds }: Cron, upTo: number): number | undefined {
  const wanted = clockOf(upTo);
  for (const hour of hours.toReversed()) {
    if (hour > wanted.hour) continue;
    if (hour < wanted.hour) return secondOf(hour, minutes.at(-1)!, seconds.at(-1)!);
    for (const minute of minutes.toReversed()) {
      if (minute > wanted.minute) continue;
      if (minute < wanted.minute) return secondOf(hour, minute, seconds.at(-1)!);
      const second = seconds.findLast((candidate) => candidate <= wanted.second);
      if (second !== undefined) return secondOf(hour, minute, second);
    }
  }
  return undefined;
}

function clockOf(second: number): { hour: number; minute: number; second: number } {
  return {
    hour: Math.floor(second / 3_600),
    minute: Math.floor(second / 60) % 60,
    second: second % 60,
  };
}

function secondOf(hour: number, minute: number, second: number): number {
  return hour * 3_600 + minute * 60 + second;
}
