import { join } from 'node:path';
import type { Run } from '@floe/client';
import type { Endpoints } from '@floe/embedded';
import type { Environment } from '../context.ts';
import type { Colors } from '../terminal.ts';
import { renderRows } from './table.ts';

type Surroundings = {
  readonly stateDir: string;
  readonly env: Environment;
  readonly colors: Colors;
  /** Leads to this run instead of to the list. */
  readonly run?: Run;
};

/** Where a person finds everything of a running Floe. */
export function whereToLook(endpoints: Endpoints, surroundings: Surroundings): string[] {
  const { gateway, metadata, scheduler, reporting, executors, nats, postgres } = endpoints;
  const { stateDir, colors, run } = surroundings;
  const login = `${postgres.user}@${postgres.host}:${postgres.port}`;
  const places: readonly (readonly [string, string])[] = [
    ['console', run === undefined ? gateway : `${gateway}/runs/${run.runId}`],
    ['REST', restPlace(gateway, run)],
    ['gRPC', `metadata ${metadata}, scheduler ${scheduler}, reporting ${reporting}`],
    ['', `executors ${executors.join(', ')} (reflection and health are on)`],
    ['NATS', `${nats}, subject ${eventSubject(run)}`],
    [
      'PostgreSQL',
      `postgres://${login}/${postgres.demoDatabase}, password in ${postgres.passwordFile}`,
    ],
    ['logs', join(stateDir, 'logs')],
    ['trace', tracePlace(surroundings)],
  ];
  const rows = places.map(([name, place]) => [
    { text: `  ${name}`, paint: colors.dim },
    name === 'console' ? { text: place, paint: colors.bold } : place,
  ]);
  return renderRows([{ title: '' }, { title: '' }], rows);
}

function restPlace(gateway: string, run: Run | undefined): string {
  const first =
    run === undefined ? `${gateway}/api/v1/runs` : `${gateway}/api/v1/runs/${run.runId}`;
  return `${first}, all of it in ${gateway}/api/openapi.json`;
}

function eventSubject(run: Run | undefined): string {
  return run === undefined ? 'floe.events.>' : `floe.events.${run.workflowName}.${run.runId}.>`;
}

function tracePlace({ env, run }: Surroundings): string {
  const collector = env['OTEL_EXPORTER_OTLP_ENDPOINT'] ?? '';
  if (run !== undefined && run.traceUrl !== '') return run.traceUrl;
  const which = run === undefined ? 'traces go' : `trace ${run.traceId} went`;
  if (collector !== '') return `${which} to ${collector}; FLOE_JAEGER_URL makes links of it`;
  return 'set OTEL_EXPORTER_OTLP_ENDPOINT and FLOE_JAEGER_URL before the start to see one trace for each run';
}
