/**
 * A call from one process to another: the request, the answer, or both may be late or lost, and who waits gives up at
 * its deadline without knowing which.
 */
import { FloeError } from '@floe/errors';
import type { Process } from '../world/process.ts';
import type { World } from './world.ts';

const TRANSIT_MS = [1, 4] as const;
const SLOW_MS = [200, 9_000] as const;
// A port on which nobody listens refuses at once.
const REFUSED_MS = 1;

export type Callee = { readonly name: string; readonly process: Process };

export function call<Answer>(
  world: World,
  from: Process,
  to: Callee,
  request: { readonly what: string; readonly deadlineMs: number; serve(): Promise<Answer> },
): Promise<Answer> {
  const { time, network, faults } = world;
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const { process } = to;
  const forgetDeadline = from.after(request.deadlineMs, () => reject(late(request.what)));
  const settle = (hear: () => void) => {
    if (faults.hits('call-answer-lost', `${to.name} → ${from.name} ${request.what}`)) return;
    const arrive = () =>
      from.deliver(() => {
        forgetDeadline();
        hear();
      });
    time.after(transit(world), () => network.carry({ from: to.name, to: from.name }, arrive));
  };
  if (faults.hits('call-request-lost', `${from.name} → ${to.name} ${request.what}`)) return promise;
  const arrive = () => {
    if (process.isDead) {
      const refuse = () =>
        reject(new FloeError('SERVICE_UNAVAILABLE', `${to.name} refused the connection`));
      return void time.after(REFUSED_MS, () => from.deliver(refuse));
    }
    process.deliver(() => {
      request.serve().then(
        (answer) => settle(() => resolve(answer)),
        (error: unknown) => settle(() => reject(error)),
      );
    });
  };
  const way = { from: from.name, to: to.name };
  time.after(transit(world), () => network.carry(way, arrive));
  if (faults.hits('call-doubled', `${from.name} → ${to.name} ${request.what}`))
    time.after(world.diceOf('transit').int(...SLOW_MS), () => network.carry(way, arrive));
  return promise;
}

function transit({ faults, diceOf }: World): number {
  const dice = diceOf('transit');
  const [least, most] = faults.hits('call-slow', '') ? SLOW_MS : TRANSIT_MS;
  return dice.int(least, most);
}

function late(what: string): FloeError {
  return new FloeError('DEADLINE_EXCEEDED', `${what} was not answered in time`);
}
