import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Minimal } from '../minimise.ts';
import type { SeedResult } from '../run-seed.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { StoryLine } from '../world/story.ts';

// The end of a story says why; whoever wants all of it asks for the seed.
const LINES_OF_FAILURE = 40;

export function tellScenario({ seed, schedulers, executors, wishes, healAt }: Scenario): string {
  const runs = wishes.map(({ at, workflow, acts }) => {
    const tasks = workflow.tasks.map(({ id, type, needs }) => {
      const word = type === 'postgres_load' ? 'load' : type;
      return needs.length === 0 ? `${id} ${word}` : `${id} ${word} after ${needs.join(', ')}`;
    });
    const done = acts.map((act) => `, ${act.type} at ${seconds(act.at)}`).join('');
    return `  ${workflow.name} at ${seconds(at)}${done}: ${tasks.join('; ')}`;
  });
  const slots = executors.map((executor) => `${executor.slots}+${executor.light}`).join(', ');
  return [
    `seed ${seed}: ${schedulers} schedulers, ${executors.length} executors (slots+light: ${slots}), mended at ${seconds(healAt)}`,
    ...runs,
  ].join('\n');
}

export function tellStory(lines: readonly StoryLine[]): string {
  return lines
    .map(({ at, who, what }) => `${seconds(at).padStart(10)}  ${who.padEnd(20)} ${what}`)
    .join('\n');
}

export function tellVerdict({
  violations,
  digest = '',
  happenings,
  virtualMs,
}: SeedResult): string {
  const size = `${happenings} happenings in ${seconds(virtualMs)}, story ${digest.slice(0, 16)}`;
  if (violations.length === 0) return `✓ all promises held (${size})`;
  const broken = violations.map(({ checker, promise, message, at }) => {
    return `✗ ${checker} at ${seconds(at)}: ${message}\n  ${promise}`;
  });
  return [...broken, `(${size})`].join('\n');
}

/** Seed, commit, and the least that is needed to see it. */
export function tellFailure(minimal: Minimal, commit: string): string {
  const { strikes, result } = minimal;
  const { seed, story } = result;
  const faults = strikes.length === 0 ? 'no fault at all' : strikes.join(', ');
  return [
    `seed ${seed} fails at commit ${commit}`,
    tellVerdict(result),
    `enough to fail: ${faults}`,
    tellStory(story.slice(-LINES_OF_FAILURE)),
    `replay: npm run simulate -- --seed ${seed}`,
  ].join('\n');
}

export async function readCommit(): Promise<string> {
  try {
    const words = ['describe', '--always', '--abbrev=40', '--exclude=*', '--dirty'];
    const { stdout } = await promisify(execFile)('git', words, { cwd: import.meta.dirname });
    return stdout.trim();
  } catch {
    // A copy without git can be simulated too; the report says that it has no name.
    return 'unknown';
  }
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(3)} s`;
}
