import type { Figures, Peer } from '../bench.ts';
import type { BenchResult } from './result.ts';

/** The result for people: a line for each number. */
export function renderResult({ bench, commit, machine, ...measurement }: BenchResult): string {
  const { cpus, memory_gib, node, postgres, nats } = machine;
  const lines = [
    `${bench} at ${commit}`,
    `${cpus} CPUs, ${memory_gib} GiB, Node ${node}, PostgreSQL ${postgres}, NATS ${nats}`,
    '',
    ...figureLines('', measurement.figures),
    ...Object.entries(measurement.peers).flatMap(([name, peer]) => peerLines(name, peer)),
    ...figureLines('Floe / ', measurement.ratios),
  ];
  return lines.join('\n');
}

function peerLines(name: string, peer: Peer): string[] {
  if (isSkipped(peer)) return [`  ${name}: skipped, ${peer.skipped}`];
  return figureLines(`${name}.`, peer);
}

function isSkipped(peer: Peer): peer is { readonly skipped: string } {
  return typeof peer['skipped'] === 'string';
}

// Wide enough for the longest name, so that the numbers stand below one another.
const NAME_WIDTH = 22;
const NUMBER_WIDTH = 12;

function figureLines(prefix: string, figures: Figures): string[] {
  return Object.entries(figures).map(([name, value]) => {
    const number = value.toLocaleString('en', { maximumSignificantDigits: 7 });
    return `  ${`${prefix}${name}`.padEnd(NAME_WIDTH)}${number.padStart(NUMBER_WIDTH)}`;
  });
}
