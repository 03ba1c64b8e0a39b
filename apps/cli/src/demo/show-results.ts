import type { FloeClient } from '@floe/client';
import { openTarget, type TargetAddress } from '@floe/database';
import { formatCount } from '../render/amounts.ts';
import { printOutput } from '../render/output.ts';
import { reportOutput, reportSummary } from '../render/run-report.ts';
import { renderTable } from '../render/table.ts';
import type { Terminal } from '../terminal.ts';
import { patiently } from '../server/patiently.ts';

type AirportRow = {
  readonly origin: string;
  readonly name: string | null;
  readonly city: string | null;
  readonly late_flights: string;
  readonly mean_delay: number;
  readonly worst_delay: number;
};

type Sources = {
  readonly client: FloeClient;
  readonly warehouse: TargetAddress;
  readonly runId: string;
};

/** Prints what the run wrote, and what it took. */
export async function showResults(
  { client, warehouse, runId }: Sources,
  terminal: Terminal,
): Promise<void> {
  const rows = await patiently(() => worstAirports(warehouse));
  const report = await patiently(() => client.getRunReport(runId));
  const { bold } = terminal.outColors;
  terminal.print(
    `\n${bold('The ten airports with the most late departures')} (analytics.late_flights)\n`,
  );
  for (const line of airportLines(rows, terminal)) terminal.print(line);
  terminal.print(`\n${bold('What the run took')}\n`);
  const format = 'table';
  await printOutput(reportOutput(report, terminal.outColors), { terminal, format });
  terminal.print(`\n${reportSummary(report, terminal.outColors)}`);
}

async function worstAirports(address: TargetAddress): Promise<readonly AirportRow[]> {
  await using session = await openTarget(address, {
    applicationName: 'floe:demo:results',
    statementTimeoutMs: 0,
  });
  return await session.query<AirportRow>(
    `select origin, name, city, late_flights::text, mean_delay, worst_delay
     from analytics.late_flights order by analytics.late_flights.late_flights desc, origin limit 10`,
  );
}

function airportLines(rows: readonly AirportRow[], terminal: Terminal): string[] {
  const columns = [
    { title: 'origin' },
    { title: 'airport' },
    { title: 'city' },
    { title: 'late flights', align: 'right' as const },
    { title: 'mean delay', align: 'right' as const },
    { title: 'worst', align: 'right' as const },
  ];
  const cells = rows.map((row) => [
    row.origin,
    row.name ?? '',
    row.city ?? '',
    formatCount(row.late_flights),
    `${row.mean_delay.toFixed(1)} min`,
    `${formatCount(row.worst_delay)} min`,
  ]);
  return renderTable(columns, cells, terminal.outColors);
}
