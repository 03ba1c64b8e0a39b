import type { Outcome } from '@floe/execution';

export type EndLine = { readonly level: 'info' | 'warn' | 'error'; readonly text: string };

/** The last line of an attempt's log. */
export function describeEnd(outcome: Outcome, elapsedMs: number): EndLine {
  switch (outcome.kind) {
    case 'succeeded': {
      const { rows, bytes } = outcome.result;
      return { level: 'info', text: `succeeded: ${rows} rows, ${bytes} bytes, ${elapsedMs} ms` };
    }
    case 'handed_back':
      return { level: 'info', text: `handed back after ${elapsedMs} ms: ${outcome.reason}` };
    case 'failed': {
      const { code, message, hint = '' } = outcome.failure;
      const isCancelled = outcome.cause === 'cancelled';
      const verb = isCancelled ? 'cancelled' : 'failed';
      const mend = hint === '' ? '' : ` (${hint})`;
      const text = `${verb} after ${elapsedMs} ms: ${code}: ${message}${mend}`;
      return { level: isCancelled ? 'warn' : 'error', text };
    }
  }
}
