import { FloeError } from '@floe/errors';
import type { Bench } from './bench.ts';
import { apply } from './benches/apply.ts';
import { cancel } from './benches/cancel.ts';
import { commandLine } from './benches/command-line.ts';
import { chain } from './benches/chain.ts';
import { consoleBench } from './benches/console.ts';
import { engine } from './benches/engine.ts';
import { etl } from './benches/etl.ts';
import { extract } from './benches/extract.ts';
import { expressions } from './benches/expressions.ts';
import { fusion } from './benches/fusion.ts';
import { importDocuments } from './benches/import-documents.ts';
import { latency } from './benches/latency.ts';
import { load } from './benches/load.ts';
import { migration } from './benches/migration.ts';
import { memory } from './benches/memory.ts';
import { pushdown } from './benches/pushdown.ts';
import { reports } from './benches/reports.ts';
import { soak } from './benches/soak.ts';
import { tpch } from './benches/tpch.ts';
import { up } from './benches/up.ts';
import { watchers } from './benches/watchers.ts';

const BENCHES: ReadonlyMap<string, Bench> = new Map(
  Object.entries({
    engine,
    latency,
    chain,
    cancel,
    extract,
    load,
    etl,
    memory,
    tpch,
    expressions,
    pushdown,
    fusion,
    apply,
    reports,
    migration,
    import: importDocuments,
    console: consoleBench,
    soak,
    up,
    watchers,
    cli: commandLine,
  }),
);

/** Throws CONFIGURATION_INVALID for a name that no bench has. */
export function findBench(name: string): Bench {
  const bench = BENCHES.get(name);
  if (bench !== undefined) return bench;
  throw new FloeError('CONFIGURATION_INVALID', `there is no bench '${name}'`, {
    hint: `There are: ${[...BENCHES.keys()].join(', ')}.`,
  });
}

export function benchNames(): readonly string[] {
  return [...BENCHES.keys()];
}

export function describeBenches(): string[] {
  return [...BENCHES].map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`);
}
