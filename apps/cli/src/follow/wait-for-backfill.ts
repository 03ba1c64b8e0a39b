import { setTimeout as sleep } from 'node:timers/promises';
import type { Backfill, FloeClient } from '@floe/client';
import { isForPrograms } from '../command-options.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { listenForInterruption } from '../interruption.ts';
import {
  backfillWord,
  doneSlots,
  hasBackfillEnded,
  paintOfBackfill,
  progressOf,
} from '../render/schedules.ts';
import { patiently } from '../server/patiently.ts';
import { printDocument, type OutputFormat } from '../render/output.ts';
import type { Terminal } from '../terminal.ts';

// Runs end in seconds; once a second looks live and costs the server one small query.
const LOOK_MS = 1_000;
// Without a live terminal: a line for each of these parts.
const PLAIN_STEPS = 10;

type Waiting = { readonly terminal: Terminal; readonly format: OutputFormat };

/** Shows how far a backfill is until it has ended. Ctrl-C detaches: it goes on. */
export async function waitForBackfill(
  client: FloeClient,
  backfillId: string,
  { terminal, format }: Waiting,
): Promise<ExitCode> {
  using interruption = listenForInterruption();
  const progress = showProgress(terminal);
  for (;;) {
    const backfill = await patiently(() => client.getBackfill(backfillId), {
      signal: interruption.signal,
    });
    if (hasBackfillEnded(backfill)) {
      progress.end();
      return tell(backfill, { terminal, format });
    }
    progress.show(backfill);
    await sleep(LOOK_MS, undefined, { signal: interruption.signal }).catch(() => undefined);
    if (interruption.signal.aborted) {
      progress.end();
      terminal.say(
        `Detached: the backfill goes on. Watch it with: floe backfill watch ${backfillId}`,
      );
      return EXIT.interrupted;
    }
  }
}

function showProgress(terminal: Terminal) {
  let step = -1;
  return {
    show(backfill: Backfill): void {
      const line = `  ${backfillWord(backfill.state)} ${progressOf(backfill)}`;
      if (terminal.isLive) {
        terminal.draw(`\r\u001b[2K${line.slice(0, terminal.size().columns - 1)}`);
        return;
      }
      const reached = Math.floor((doneSlots(backfill) * PLAIN_STEPS) / backfill.totalSlots);
      if (reached === step) return;
      step = reached;
      terminal.say(line);
    },
    end(): void {
      if (terminal.isLive) terminal.draw('\r\u001b[2K');
    },
  };
}

async function tell(backfill: Backfill, { terminal, format }: Waiting): Promise<ExitCode> {
  const paint = paintOfBackfill(backfill.state, terminal.errorColors);
  terminal.say(`${paint(backfillWord(backfill.state))} ${progressOf(backfill)}`);
  if (isForPrograms(format)) await printDocument(backfill, { terminal, format });
  if (backfill.state === 'BACKFILL_STATE_SUCCEEDED') return EXIT.succeeded;
  return backfill.state === 'BACKFILL_STATE_CANCELLED' ? EXIT.cancelled : EXIT.failed;
}
