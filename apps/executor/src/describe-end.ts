import { assertNever } from '@floe/errors';
import { describeUse } from './attempt-outcome.ts';
import type { Outcome, StopReason } from './attempt-outcome.ts';

export type EndLine = { readonly level: 'info' | 'warn' | 'error'; readonly text: string };

/** The last line of an attempt's log. */
export function describeEnd(outcome: Outcome, elapsedMs: number): EndLine {
  switch (outcome.$case) {
    case 'succeeded': {
      const { rows, bytes } = outcome.value;
      return { level: 'info', text: `succeeded: ${rows} rows, ${bytes} bytes, ${elapsedMs} ms` };
    }
    case 'handedBack':
      return { level: 'info', text: `handed back after ${elapsedMs} ms: ${outcome.value.reason}` };
    case 'failed': {
      const { code = 'INTERNAL', message = '', hint = '' } = outcome.value.failure ?? {};
      const verb = outcome.value.cancelled ? 'cancelled' : 'failed';
      const mend = hint === '' ? '' : ` (${hint})`;
      const level = outcome.value.cancelled ? 'warn' : 'error';
      return { level, text: `${verb} after ${elapsedMs} ms: ${code}: ${message}${mend}` };
    }
    default:
      return assertNever(outcome);
  }
}

/** Why a worker is killed, for a log. */
export function describeStop(reason: StopReason): string {
  switch (reason.kind) {
    case 'lost':
      return reason.reason;
    case 'cancelled':
      return 'the run is cancelled';
    case 'timed_out':
      return `it ran longer than its timeout of ${reason.timeoutMs} ms`;
    case 'memory':
      return `it ${describeUse(reason.usedBytes, reason.limitBytes)} of memory`;
    case 'drained':
      return 'the executor drains';
    default:
      return assertNever(reason);
  }
}
