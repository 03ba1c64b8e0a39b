import type { RunStore, ScheduleStore } from '@floe/scheduling';
import { FaultGate } from './faults/fault-gate.ts';
import { ControlServer } from './postgres/control-server.ts';
import { ScheduleStoreModel } from './postgres/schedule-store-model.ts';
import type { ScheduleTables } from './postgres/schedule-tables.ts';
import { RunStoreModel } from './postgres/run-store-model.ts';
import { diceFor } from './world/dice.ts';
import { Network } from './world/network.ts';
import { Process } from './world/process.ts';
import { Story } from './world/story.ts';
import { promisesToSettle, VirtualTime } from './world/virtual-time.ts';

export type ModelStore = {
  readonly store: RunStore;
  readonly schedules: ScheduleStore;
  /** What metadata and people write into. */
  readonly tables: ScheduleTables;
  /** The clock of the server. */
  readonly now: () => number;
  /** Lets time pass until the work is done; without that nothing answers. */
  readonly finish: <Result>(work: Promise<Result>) => Promise<Result>;
};

/** The model of the control database by itself, in a world without faults: to be held against a real one. */
export function openModelStore(): ModelStore {
  const time = new VirtualTime();
  const story = new Story(time, false);
  const diceOf = (purpose: string) => diceFor(0, purpose);
  const faults = new FaultGate({ rates: {}, diceOf, story, spared: new Set() });
  const network = new Network(time);
  const dice = diceOf('database');
  const server = new ControlServer({
    time,
    dice,
    faults,
    network,
    locksRows: true,
    checksSlots: true,
  });
  const process = new Process('scheduler', time);
  return {
    store: new RunStoreModel({ server, process, time, faults }),
    schedules: new ScheduleStoreModel({ server, process, time, faults }),
    tables: server.tables.schedules,
    now: () => server.now(),
    async finish(work) {
      let isDone = false;
      const settle = () => {
        isDone = true;
      };
      work.then(settle, settle);
      while (!isDone) {
        await promisesToSettle();
        await time.run(() => isDone);
      }
      return work;
    },
  };
}
