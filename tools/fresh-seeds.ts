import { execFileSync } from 'node:child_process';

// About a minute of two cores.
const SEEDS = 15_000;

/**
 * A range of worlds that nobody has seen before this change, like `48213..63212`: it follows from the content of the
 * checkout. Each change meets other worlds, and a change meets the same ones wherever and however often it is judged.
 */
export function freshSeeds(): string {
  const first = freshSeed();
  return `${first}..${first + SEEDS - 1}`;
}

/** Follows from the content of the checkout: another one for each change, the same one wherever the change is judged. */
export function freshSeed(): number {
  const tree = execFileSync('git', ['rev-parse', 'HEAD^{tree}'], { encoding: 'utf8' });
  return Number.parseInt(tree.slice(0, 7), 16);
}
