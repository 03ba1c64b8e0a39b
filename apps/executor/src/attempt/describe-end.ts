import type { Outcome } from '@floe/execution';

export type EndLine = { readonly level: 'info' | 'warn' | 'error'; readonly text: string };

/** The last line of an attempt's log. */
export function describeEnd(outcome: Outcome, elapsedMs: number): EndLine {
  switch (outcome.kind) {
    case 'succeeded': {
      const { rows, bytes, failedItems, hasUncountedRows = false } = outcome.result;
      const counted = hasUncountedRows ? 'rows not counted' : `${rows} rows`;
      const counts = `${counted}, ${bytes} bytes, ${elapsedMs} ms`;
      const [first] = failedItems;
      if (first === undefined) return { level: 'info', text: `succeeded: ${counts}` };
      const { code, message } = first.failure;
      const failed = `${failedItems.length} items failed, the first: ${code}: ${message}`;
      return { level: 'warn', text: `ended: ${counts}; ${failed}` };
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
