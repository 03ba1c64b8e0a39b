import type { BenchResult } from '../report/result.ts';
import { shortNumber } from './format-number.ts';

/** Where the results come from, and how busy the machine was: one line for under a title. */
export function machineInWords(results: readonly BenchResult[]): string {
  const machines = results.map(
    ({ machine: { cpus, node, postgres } }) => `${cpus} CPUs, Node ${node}, PostgreSQL ${postgres}`,
  );
  const commits = results.map(({ commit }) => commit.slice(0, 7));
  const loads = results.map(({ load_before }) => load_before);
  const [least, most] = [Math.min(...loads), Math.max(...loads)].map(shortNumber);
  const load = least === most ? least : `${least} to ${most}`;
  return `${distinct(machines)}; commit ${distinct(commits)}; load of the machine before: ${load}`;
}

function distinct(words: readonly string[]): string {
  return [...new Set(words)].toSorted().join(' and ');
}
