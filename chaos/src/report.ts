import { percentile } from './percentile.ts';
import type { Harm } from './effects.ts';
import type { FollowedRun } from './load.ts';
import type { Recovery } from './run-faults.ts';

export type FaultFigures = {
  readonly count: number;
  readonly recovery_p50_ms: number;
  readonly recovery_p99_ms: number;
};

export type Skipped = { readonly fault: string; readonly reason: string };

/** The result as JSON; `ok` says that nothing was harmed. */
export type ChaosReport = Harm & {
  readonly ok: boolean;
  readonly commit: string;
  readonly seed: number;
  readonly seconds: number;
  readonly runs: number;
  readonly loads_succeeded: number;
  readonly faults: Readonly<Record<string, FaultFigures>>;
  readonly skipped: readonly Skipped[];
};

export function figuresByFault(recoveries: readonly Recovery[]): Record<string, FaultFigures> {
  const byFault = Map.groupBy(recoveries, ({ fault }) => fault);
  return Object.fromEntries(
    [...byFault].map(([fault, all]) => {
      const times = all.map(({ ms }) => Math.round(ms));
      const figures = {
        count: all.length,
        recovery_p50_ms: percentile(times, 50),
        recovery_p99_ms: percentile(times, 99),
      };
      return [fault, figures];
    }),
  );
}

export function isUnharmed(harm: Harm): boolean {
  return Object.values(harm).every((count) => count === 0);
}

export function renderReport(report: ChaosReport, runs: readonly FollowedRun[]): string {
  const { faults, skipped } = report;
  const table = Object.entries(faults).map(([name, figures]) => {
    const { count, recovery_p50_ms: p50, recovery_p99_ms: p99 } = figures;
    return `  ${name.padEnd(24)} ${String(count).padStart(3)} ×   p50 ${seconds(p50)}   p99 ${seconds(p99)}`;
  });
  return [
    'fault, how often, and how long until all runs of that moment had ended:',
    ...table,
    ...skipped.map(({ fault, reason }) => `  ${fault}: skipped, ${reason}`),
    `${report.runs} runs, ${report.loads_succeeded} loads succeeded`,
    `lost effects ${report.lost_effects}, doubled ${report.doubled_effects}, partial ${report.partial_effects}, late ${report.late_effects}`,
    `lost runs ${report.lost_runs}, doubled ${report.doubled_runs}, stuck ${report.stuck_runs}, failed ${report.failed_runs}`,
    ...runs.flatMap(describeTrouble),
  ].join('\n');
}

/** Runs that say why something above is not 0. */
function describeTrouble(run: FollowedRun): string[] {
  if (run.state === 'RUN_STATE_SUCCEEDED' || run.state === 'RUN_STATE_CANCELLED') return [];
  const { runId = 'that was not answered', batch, kind, state = 'has no end', why = '' } = run;
  return [`  run ${runId} (${kind}, batch ${batch}) ${state} ${why}`];
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1).padStart(5)} s`;
}
