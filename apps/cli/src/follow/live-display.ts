/**
 * Redraws the progress of a run in place, at most ten times a second.
 *
 * Owns the last lines of the terminal between the first `show` and `end`.
 *   L1. Between two draws the cursor stands below the drawn lines; a draw goes up by exactly their number.
 *   L2. No drawn line is wider than the terminal and there are fewer lines than rows: nothing wraps or scrolls away.
 *   L3. The cursor is visible again after `end`, also when the process ends without it.
 */
import { runLeftMs } from '@floe/client';
import { formatDuration, formatPlural } from '../render/amounts.ts';
import { renderRows } from '../render/table.ts';
import { sightOf } from '../render/states.ts';
import type { Terminal } from '../terminal.ts';
import type { Display } from './display.ts';
import { elapsedMs, endedTasks, type RunView } from './run-view.ts';
import { TASK_COLUMNS, chooseTasks, taskRows } from './task-rows.ts';

const FRAME_MS = 100;
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
// The title of the run, the line for hidden tasks, and one free line.
const OTHER_LINES = 3;

const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const CLEAR_BELOW = '\u001b[0J';
const up = (lines: number): string => (lines === 0 ? '' : `\u001b[${lines}A`);

export function createLiveDisplay(terminal: Terminal): Display {
  const display = new LiveDisplay(terminal);
  return {
    show: (view) => display.show(view),
    remark: (text) => display.remark(text),
    end: () => display.end(),
  };
}

class LiveDisplay {
  readonly #terminal: Terminal;
  readonly #giveCursorBack: () => void;
  #view: RunView | undefined;
  #timer: NodeJS.Timeout | undefined;
  #drawnLines = 0;
  #frame = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#giveCursorBack = () => terminal.draw(SHOW_CURSOR);
  }

  show(view: RunView): void {
    this.#view = view;
    if (this.#timer !== undefined) return;
    process.once('exit', this.#giveCursorBack);
    this.#terminal.draw(HIDE_CURSOR);
    this.#draw();
    this.#timer = setInterval(() => this.#draw(), FRAME_MS);
  }

  remark(text: string): void {
    this.#terminal.draw(`\r${up(this.#drawnLines)}${CLEAR_BELOW}${text}\n`);
    this.#drawnLines = 0;
    this.#draw();
  }

  end(): void {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#draw();
    this.#giveCursorBack();
    process.off('exit', this.#giveCursorBack);
  }

  #draw(): void {
    if (this.#view === undefined) return;
    this.#frame += 1;
    const spinner = SPINNER[this.#frame % SPINNER.length]!;
    const lines = frameLines(this.#view, { terminal: this.#terminal, spinner, now: Date.now() });
    const text = lines.map((line) => `${line}\n`).join('');
    this.#terminal.draw(`\r${up(this.#drawnLines)}${CLEAR_BELOW}${text}`);
    this.#drawnLines = lines.length;
  }
}

type Frame = { readonly terminal: Terminal; readonly spinner: string; readonly now: number };

function frameLines(view: RunView, { terminal, spinner, now }: Frame): string[] {
  const { columns, rows } = terminal.size();
  const colors = terminal.errorColors;
  const tasks = chooseTasks(view, Math.max(1, rows - OTHER_LINES));
  const hidden = view.tasks.size - tasks.length;
  const lines = renderRows(
    TASK_COLUMNS,
    taskRows(tasks, { now, colors, spinner, view }),
    columns - 1,
  );
  return [
    ...titleLine(view, { terminal, now }),
    ...lines,
    ...(hidden > 0 ? [colors.dim(`… and ${formatPlural(hidden, 'more task')}`)] : []),
  ];
}

function titleLine(
  view: RunView,
  { terminal, now }: { readonly terminal: Terminal; readonly now: number },
): string[] {
  const { run } = view;
  const { symbol, word, paint } = sightOf(run.state, terminal.errorColors);
  const { dim } = terminal.errorColors;
  const left = runLeftMs(view, now);
  const ms = elapsedMs({ ...run, startTime: run.createTime ?? run.startTime ?? '' }, now) ?? 0;
  const cells = [
    { text: `${symbol} ${run.workflowName} v${run.workflowVersion}`, paint },
    word,
    { text: run.runId, paint: dim },
    formatDuration(Number.isNaN(ms) ? 0 : ms),
    `${endedTasks(view)} of ${formatPlural(view.tasks.size, 'task')}`,
    { text: left === undefined ? '' : `about ${formatDuration(left)} left`, paint: dim },
  ];
  return renderRows(
    cells.map(() => ({ title: '' })),
    [cells],
    terminal.size().columns - 1,
  );
}
