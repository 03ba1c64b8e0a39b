import { formatCount, formatRate } from '../render/amounts.ts';
import type { Terminal } from '../terminal.ts';

// Ten times a second looks steady and costs nothing.
const FRAME_MS = 100;
const BAR_WIDTH = 24;
// Without a live terminal: a line for each of these parts.
const PLAIN_STEPS = 4;

export type ProgressLine = {
  show(done: number, total: number): void;
  /** Removes the line from a live terminal. */
  end(): void;
};

/** One line that says how far something with a known end is. */
export function createProgressLine(terminal: Terminal, title: string): ProgressLine {
  const startedAt = performance.now();
  let drawnAt = 0;
  let step = 0;
  const line = (done: number, total: number): string => {
    const share = total === 0 ? 1 : done / total;
    const rate = (done * 1_000) / Math.max(1, performance.now() - startedAt);
    const percent = `${Math.floor(share * 100)}%`.padStart('100%'.length);
    const filled = Math.round(share * BAR_WIDTH);
    const bar = terminal.isLive ? `${'█'.repeat(filled)}${'░'.repeat(BAR_WIDTH - filled)} ` : '';
    return `  ${title} ${bar}${percent} ${formatCount(done)} of ${formatCount(total)} rows, ${formatRate(rate)}`;
  };
  return {
    show(done, total) {
      if (terminal.isLive) {
        if (performance.now() - drawnAt < FRAME_MS) return;
        drawnAt = performance.now();
        terminal.draw(`\r\u001b[2K${line(done, total)}`);
        return;
      }
      const reached = total === 0 ? PLAIN_STEPS : Math.floor((done * PLAIN_STEPS) / total);
      if (reached === step) return;
      step = reached;
      terminal.say(line(done, total));
    },
    end() {
      if (terminal.isLive) terminal.draw('\r\u001b[2K');
    },
  };
}
