import { openTarget, type TargetAddress } from '@floe/database';
import { formatCount, formatDuration } from '../render/amounts.ts';
import type { Terminal } from '../terminal.ts';
import { AIRPORTS, FLIGHTS, type SourceTable } from './demo-tables.ts';
import { loadTable, type LoadResult } from './load-table.ts';
import { createProgressLine } from './progress-line.ts';

export type LoadFlightsOptions = {
  readonly terminal: Terminal;
  readonly scratchDir: string;
  /** 0 for all three million. */
  readonly rowLimit: number;
};

/** Loads flights and airports into the source database, unless they are there. */
export async function loadFlights(
  address: TargetAddress,
  options: LoadFlightsOptions,
): Promise<void> {
  await using session = await openTarget(address, {
    applicationName: 'floe:demo:load',
    statementTimeoutMs: 0,
  });
  const load = async (table: SourceTable, rowLimit: number): Promise<void> => {
    const { terminal, scratchDir } = options;
    const progress = createProgressLine(terminal, table.name);
    const startedAt = performance.now();
    const onRows = (rows: number, total: number) => progress.show(rows, total);
    const result = await loadTable(table, { session, scratchDir, rowLimit, onRows });
    progress.end();
    const { green } = terminal.errorColors;
    terminal.say(`${green('✓')} ${resultLine(table, result, performance.now() - startedAt)}`);
  };
  await load(FLIGHTS, options.rowLimit);
  await load(AIRPORTS, 0);
}

function resultLine(table: SourceTable, { rows, wasLoaded }: LoadResult, ms: number): string {
  const how = wasLoaded ? `loaded from ${table.file} in ${formatDuration(ms)}` : 'there already';
  return `${table.name}: ${formatCount(rows)} rows, ${how}`;
}
