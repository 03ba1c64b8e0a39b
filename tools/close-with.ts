import type { Tally } from './test-results.ts';

/** The last words of a run: what failed, by name, so that nobody has to look for it above, and the line of the counts. */
export function closeWith({ passed, failed, failures, secondTries }: Tally): void {
  list('passed at the second try only', secondTries);
  list('failed', failures);
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
}

function list(title: string, lines: readonly string[]): void {
  if (lines.length > 0) console.log(`\n${title}:\n${lines.map((line) => `  ${line}`).join('\n')}`);
}
