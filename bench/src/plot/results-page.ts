import type { Figures, Peer } from '../bench.ts';
import type { BenchResult } from '../report/result.ts';
import { shortNumber } from './format-number.ts';
import type { Results } from './read-results.ts';

/** All results as a page of tables: for reading, the files beside it are for programs. */
export function resultsPage(results: Results): string {
  const sections = [...results].flatMap(([name, result]) => section(name, result));
  return [
    '# Results',
    '',
    '`npm run bench -- plot` writes this page from the JSON files beside it. What is measured: [bench](../../bench/README.md).',
    '',
    ...sections,
  ].join('\n');
}

function section(name: string, result: BenchResult): string[] {
  const { commit, machine, measured_at, load_before } = result;
  const { cpus, memory_gib, node, postgres, nats } = machine;
  return [
    `## ${name}`,
    '',
    `Commit \`${commit}\`, ${measured_at.slice(0, 16).replace('T', ' ')} UTC, ${cpus} CPUs, ${memory_gib} GiB, Node ${node}, PostgreSQL ${postgres}, NATS ${nats}; load of the machine before: ${load_before}.`,
    '',
    '| | |',
    '|---|--:|',
    ...rowsOf('', result.figures),
    ...Object.entries(result.peers).flatMap(([peer, measured]) => peerRows(peer, measured)),
    ...rowsOf('Floe / ', result.ratios),
    '',
  ];
}

function peerRows(name: string, peer: Peer): string[] {
  const { skipped } = peer as { readonly skipped?: unknown };
  if (typeof skipped === 'string') return [`| ${name} | skipped: ${skipped} |`];
  return rowsOf(`${name}.`, peer as Figures);
}

function rowsOf(prefix: string, figures: Figures): string[] {
  return Object.entries(figures).map(
    ([name, value]) => `| ${prefix}${name} | ${shortNumber(value)} |`,
  );
}
