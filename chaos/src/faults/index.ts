import type { Fault } from '../fault.ts';
import { cutNetwork } from './cut-network.ts';
import { kill, killWorkers } from './kill.ts';
import { pauseExecutor, pauseScheduler, pauseWorkers } from './pause.ts';
import { crashBackend, restartPostgres } from './postgres.ts';
import { upgrade } from './upgrade.ts';
import { wipeNats } from './wipe-nats.ts';

/** One round of chaos, in this order. */
export const FAULTS: readonly Fault[] = [
  killWorkers,
  kill('executor'),
  kill('scheduler'),
  pauseExecutor,
  kill('nats'),
  cutNetwork,
  pauseScheduler,
  wipeNats,
  crashBackend,
  pauseWorkers,
  restartPostgres,
  kill('gateway'),
  kill('metadata'),
  upgrade,
];
