import { expect, test } from 'vitest';
import * as internal from './generated/internal-contracts.ts';
import { mayCall } from './peers.ts';

const INTERNAL = Object.keys(internal)
  .filter((name) => name.endsWith('Service'))
  .map((name) => `floe.internal.v1.${name}`);
const SERVICES = [
  'metadata',
  'scheduler',
  'reporting',
  'gateway',
  'executor',
  'cli',
  'somebody',
  '',
];

test('each internal service is for one other, and all are known (N1)', () => {
  const callers = INTERNAL.map((service) => SERVICES.filter((name) => mayCall(name, service)));
  expect(Object.fromEntries(INTERNAL.map((service, at) => [service, callers[at]]))).toEqual({
    'floe.internal.v1.ArtifactService': ['executor'],
    'floe.internal.v1.AttemptService': ['executor'],
    'floe.internal.v1.ConnectionService': ['executor'],
    'floe.internal.v1.RecordService': ['executor'],
    'floe.internal.v1.LegacyService': ['gateway'],
    'floe.internal.v1.LoadService': ['scheduler'],
  });
  expect(mayCall('executor', 'floe.internal.v1.NewService')).toBe(false);
});

test('an executor steers nothing, whatever its number; all others may (N2)', () => {
  for (const name of ['executor', 'executor-3', 'executor.internal', 'executor3'])
    for (const service of ['Scheduler', 'Metadata', 'Reporting', 'Executor'])
      expect(mayCall(name, `floe.v1.${service}Service`)).toBe(false);
  for (const name of ['cli', 'gateway', 'somebody', 'Executor', ''])
    expect(mayCall(name, 'floe.v1.SchedulerService')).toBe(true);
  expect(mayCall('executor', 'grpc.health.v1.Health')).toBe(true);
});
