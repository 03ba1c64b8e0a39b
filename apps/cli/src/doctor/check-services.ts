import type { FloeClient } from '@floe/client';
import { toFloeError } from '@floe/errors';
import { formatPlural } from '../render/amounts.ts';
import { failed, ok, type Finding } from './check.ts';

export type CheckedServices = {
  readonly findings: readonly Finding[];
  /** How many schedulers the gateway knows; undefined when it does not answer. */
  readonly schedulers?: number;
};

/** Whether the gateway and the services behind it answer, and whether anybody would take a task. */
export async function checkServices(client: FloeClient, url: string): Promise<CheckedServices> {
  try {
    await client.checkReady();
    const { version, services } = await client.getSystem();
    const names = Object.entries(services).map(([name, address]) => `${name} ${address}`);
    const findings = [
      ok('gateway', `${url}, version ${version}`),
      ok('services', names.join(', ')),
    ];
    const schedulers = (services['scheduler'] ?? '').split(',').length;
    return { findings: [...findings, await checkExecutors(client)], schedulers };
  } catch (thrown) {
    const error = toFloeError(thrown);
    const mend = error.hint ?? 'Start everything with: floe up';
    return { findings: [failed('gateway', error.message, mend)] };
  }
}

async function checkExecutors(client: FloeClient): Promise<Finding> {
  const executors = await client.listExecutors();
  const active = executors.filter(({ state }) => state === 'EXECUTOR_STATE_ACTIVE');
  const slots = active.reduce((sum, executor) => sum + executor.slots, 0);
  const found = `${formatPlural(active.length, 'executor')} with ${formatPlural(slots, 'slot')}`;
  if (active.length > 0) return ok('executors', found);
  return failed('executors', found, 'Runs wait until one is started: floe up starts two.');
}
