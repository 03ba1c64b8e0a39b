import type { TaskRun } from '@floe/client';
import { renderRows } from '../render/table.ts';
import { sightOf } from '../render/states.ts';
import type { Terminal } from '../terminal.ts';
import type { Display } from './display.ts';
import type { RunView } from './run-view.ts';
import { TASK_COLUMNS, taskRows } from './task-rows.ts';

/** For pipes and logs: a line for each change of state, and nothing for mere progress. */
export function createPlainDisplay(terminal: Terminal): Display {
  const shown = new Map<string, string>();
  return {
    show(view) {
      for (const task of view.tasks.values()) {
        const previous = shown.get(task.taskId);
        const state = `${task.state} ${task.attemptCount} ${task.recomputeCount}`;
        if (previous === state) continue;
        shown.set(task.taskId, state);
        const isNews = previous !== undefined || task.state !== 'TASK_STATE_PENDING';
        if (isNews) terminal.say(changeLine(task, view, terminal));
      }
    },
    remark: (text) => terminal.say(text),
    end: () => {},
  };
}

function changeLine(task: TaskRun, view: RunView, terminal: Terminal): string {
  const colors = terminal.errorColors;
  const { word } = sightOf(task.state, colors);
  const [symbol = '', name = '', , rows = '', rate = '', size = '', time = '', remark = ''] =
    taskRows([task], { now: Date.now(), colors })[0] ?? [];
  const longest = [...view.tasks.keys()].reduce((most, id) => Math.max(most, id.length), 0);
  const title = typeof name === 'string' ? name.padEnd(longest) : name;
  const cells = [
    symbol,
    title,
    word.padEnd('upstream_failed'.length),
    rows,
    rate,
    size,
    time,
    remark,
  ];
  return renderRows(TASK_COLUMNS, [cells])[0] ?? '';
}
