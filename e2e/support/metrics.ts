import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where Prometheus would ask a process of this Floe: its log says so when it is ready. */
async function metricsAddress(stateDir: string, name: string): Promise<string> {
  const log = await readFile(join(stateDir, 'logs', `${name}.log`), 'utf8');
  const address = [...log.matchAll(/"metrics":"([^"]+)"/g)].at(-1)?.[1];
  if (address === undefined) throw new Error(`the log of ${name} names no address for metrics`);
  return address;
}

/** How often a process has refused this so far. */
export async function refusalsOf(
  { stateDir }: { readonly stateDir: string },
  name: string,
  refusal: { readonly surface: string; readonly place: string; readonly reason: string },
): Promise<number> {
  const response = await fetch(`http://${await metricsAddress(stateDir, name)}/metrics`);
  const { surface, place, reason } = refusal;
  const begin = `floe_refusals_total{surface="${surface}",place="${place}",reason="${reason}",`;
  const lines = (await response.text()).split('\n');
  return Number(
    lines
      .find((line) => line.startsWith(begin))
      ?.split(' ')
      .at(-1) ?? 0,
  );
}
