import type { Pattern } from './parse-pattern.ts';

/** One state of the machine: what it takes, and the states after it. */
type State = {
  readonly takes: 'nothing' | 'start' | 'end' | ((character: string) => boolean);
  readonly next: number[];
};

/** States of one machine. Nested repetitions multiply; what is larger is refused as too costly. */
const MAX_STATES = 5_000;

export type Matcher = (name: string) => boolean;

/** A matcher of names that follows all paths at once (Thompson), so that no pattern makes it slow; null: too large. */
export function compilePattern(pattern: Pattern): Matcher | null {
  const states: State[] = [];
  const add = (takes: State['takes'], next: number[] = []): number =>
    states.push({ takes, next }) - 1;

  const goal = add('nothing');
  const build = (part: Pattern, after: number): number => {
    if (states.length > MAX_STATES) return after;
    switch (part.kind) {
      case 'empty':
        return after;
      case 'character':
        return add(part.isOne, [after]);
      case 'start':
      case 'end':
        return add(part.kind, [after]);
      case 'sequence':
        return part.parts.reduceRight((next, each) => build(each, next), after);
      case 'choice':
        return add(
          'nothing',
          part.parts.map((each) => build(each, after)),
        );
      case 'repeat':
        return repeat(part, after);
    }
  };
  const repeat = ({ part, least, most }: Extract<Pattern, { kind: 'repeat' }>, after: number) => {
    let entry = after;
    if (most === Infinity) {
      entry = add('nothing', [after]);
      states[entry]?.next.push(build(part, entry));
    } else {
      for (let index = least; index < most; index += 1) {
        entry = add('nothing', [build(part, entry), after]);
      }
    }
    for (let index = 0; index < least; index += 1) entry = build(part, entry);
    return entry;
  };

  const first = build(pattern, goal);
  return states.length > MAX_STATES ? null : (name) => runs(states, { first, goal }, name);
}

function runs(
  states: readonly State[],
  { first, goal }: { first: number; goal: number },
  name: string,
): boolean {
  const characters = Array.from(name);
  let active = new Set<number>();
  for (let at = 0; at <= characters.length; at += 1) {
    // A match may begin anywhere.
    active.add(first);
    const place = { isStart: at === 0, isEnd: at === characters.length };
    const reached = closure(states, active, place);
    if (reached.has(goal)) return true;
    active = stepped(states, reached, characters[at] ?? '');
  }
  return false;
}

/** All states that can be reached without taking a character. */
function closure(
  states: readonly State[],
  from: ReadonlySet<number>,
  { isStart, isEnd }: { isStart: boolean; isEnd: boolean },
): ReadonlySet<number> {
  const reached = new Set(from);
  for (const index of reached) {
    const state = states[index];
    const isFree =
      state?.takes === 'nothing' ||
      (state?.takes === 'start' && isStart) ||
      (state?.takes === 'end' && isEnd);
    if (isFree) for (const next of state.next) reached.add(next);
  }
  return reached;
}

function stepped(
  states: readonly State[],
  reached: ReadonlySet<number>,
  character: string,
): Set<number> {
  const after = new Set<number>();
  for (const index of reached) {
    const state = states[index];
    if (typeof state?.takes !== 'function' || !state.takes(character)) continue;
    for (const next of state.next) after.add(next);
  }
  return after;
}
