import { markOf } from '../state/state-mark.ts';
import type { Tone } from '../state/state-mark.ts';
import { isTaskRun } from './graph-task.ts';
import type { GraphTask } from './graph-task.ts';
import { NODE_HEIGHT, NODE_WIDTH } from './layout.ts';
import type { LargeLayout } from './layered-layout.ts';
import type { View } from './view-box.ts';

export type Palette = Readonly<Record<Tone | 'ink' | 'soft' | 'ice' | 'line' | 'chosen', string>>;

export type Picture = {
  readonly tasks: readonly GraphTask[];
  readonly layout: LargeLayout;
  readonly view: View;
  readonly palette: Palette;
  readonly selectedTaskId: string;
  readonly size: { readonly width: number; readonly height: number };
  /** Pixels of the screen per pixel of the page. */
  readonly density: number;
};

// Below it words are grains.
const WORDS_SCALE = 0.42;
// Below it a border is as large as what it is around.
const BORDERS_SCALE = 0.12;

/** Draws what of the graph is in view. */
export function drawGraph(context: CanvasRenderingContext2D, picture: Picture): void {
  const { view, size, density } = picture;
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  context.setTransform(
    density * view.scale,
    0,
    0,
    density * view.scale,
    density * view.x,
    density * view.y,
  );
  drawEdges(context, picture);
  for (const [index, task] of picture.tasks.entries()) {
    if (isInView(picture, index)) drawTask(context, picture, { task, index });
  }
}

function isInView({ layout, view, size }: Picture, index: number): boolean {
  const place = layout.places[index];
  if (place === undefined) return false;
  const left = place.x * view.scale + view.x;
  const top = place.y * view.scale + view.y;
  return (
    left < size.width &&
    top < size.height &&
    left + NODE_WIDTH * view.scale > 0 &&
    top + NODE_HEIGHT * view.scale > 0
  );
}

function drawEdges(context: CanvasRenderingContext2D, picture: Picture): void {
  const { layout, palette, view } = picture;
  context.beginPath();
  for (const [from, to] of layout.edges) {
    const start = layout.places[from];
    const end = layout.places[to];
    if (start === undefined || end === undefined) continue;
    if (!isInView(picture, from) && !isInView(picture, to)) continue;
    const x = start.x + NODE_WIDTH;
    const y = start.y + NODE_HEIGHT / 2;
    const endY = end.y + NODE_HEIGHT / 2;
    const bend = Math.max(24, (end.x - x) / 2);
    context.moveTo(x, y);
    context.bezierCurveTo(x + bend, y, end.x - bend, endY, end.x, endY);
  }
  context.strokeStyle = palette.line;
  context.lineWidth = Math.max(1, 0.5 / view.scale);
  context.stroke();
}

type Placed = { readonly task: GraphTask; readonly index: number };

function drawTask(
  context: CanvasRenderingContext2D,
  { layout, palette, view, selectedTaskId }: Picture,
  { task, index }: Placed,
): void {
  const { x, y } = layout.places[index] ?? { x: 0, y: 0 };
  const tone = palette[isTaskRun(task) ? markOf(task.state).tone : 'wait'];
  const isChosen = task.taskId === selectedTaskId;
  if (view.scale < BORDERS_SCALE && !isChosen) {
    context.fillStyle = tone;
    context.fillRect(x, y, NODE_WIDTH, NODE_HEIGHT);
    return;
  }
  context.beginPath();
  context.roundRect(x, y, NODE_WIDTH, NODE_HEIGHT, 10);
  context.fillStyle = palette.ice;
  context.fill();
  context.strokeStyle = isChosen ? palette.chosen : tone;
  context.lineWidth = isChosen ? Math.max(4, 3 / view.scale) : 2;
  context.stroke();
  context.fillStyle = tone;
  context.fillRect(x, y + 14, 6, NODE_HEIGHT - 28);
  if (view.scale >= WORDS_SCALE) drawWords(context, palette, { task, x, y });
}

function drawWords(
  context: CanvasRenderingContext2D,
  palette: Palette,
  { task, x, y }: { readonly task: GraphTask; readonly x: number; readonly y: number },
): void {
  const width = NODE_WIDTH - 34;
  context.fillStyle = palette.ink;
  context.font = '600 15px system-ui, sans-serif';
  context.fillText(fit(task.taskId, 24), x + 18, y + 34, width);
  context.fillStyle = palette.soft;
  context.font = '13px system-ui, sans-serif';
  const word = isTaskRun(task) ? markOf(task.state).word : '';
  context.fillText(fit(`${task.type} ${word}`, 32), x + 18, y + 62, width);
}

function fit(text: string, lengthMax: number): string {
  return text.length <= lengthMax ? text : `${text.slice(0, lengthMax - 1)}…`;
}
