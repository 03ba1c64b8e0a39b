import { shortNumber } from './format-number.ts';
import { type Judged, judge } from './goals.ts';
import { machineInWords } from './machine-in-words.ts';
import type { Results } from './read-results.ts';
import { COLOR, box, page, text, upright } from './svg.ts';

const WIDTH = 860;
const LABEL_WIDTH = 300;
const BAR_WIDTH = 300;
const ROW_HEIGHT = 28;
const TOP = 80;
/** The line of the goal stands here; what uses up more is cut at the end. */
const SHARE_MAX = 1.5;

/** How much of each goal is used up: left of the line it is met. */
export function drawGoals(results: Results): string {
  const judged = judge(results);
  const used = judged.map(({ result }) => results.get(result)!);
  const height = TOP + judged.length * ROW_HEIGHT + 24;
  const goalAt = LABEL_WIDTH + BAR_WIDTH / SHARE_MAX;
  return page({ title: 'Floe against its goals', width: WIDTH, height }, [
    text('Floe against its goals', { x: 16, y: 26, size: 17, isBold: true }),
    text(used.length === 0 ? 'no results' : machineInWords(used), {
      x: 16,
      y: 44,
      size: 12,
      color: COLOR.faint,
    }),
    text('goal', { x: goalAt, y: TOP - 10, color: COLOR.faint, anchor: 'middle', size: 12 }),
    text('left of the line it is met', {
      x: goalAt + 22,
      y: TOP - 10,
      color: COLOR.faint,
      size: 12,
    }),
    ...judged.flatMap((goal, index) => drawGoal(goal, TOP + index * ROW_HEIGHT)),
    upright({ x: goalAt, from: TOP - 4, to: height - 16 }),
  ]);
}

function drawGoal(judged: Judged, y: number): string[] {
  const { label, found, goal, share, unit, wants } = judged;
  const width = (BAR_WIDTH / SHARE_MAX) * Math.min(share, SHARE_MAX);
  const color = share <= 1 ? COLOR.met : COLOR.missed;
  const cut = share > SHARE_MAX ? ' »' : '';
  const said = `${shortNumber(found)} ${unit}${cut}  (${wants} ${shortNumber(goal)})`;
  return [
    text(label, { x: LABEL_WIDTH - 10, y: y + 17, anchor: 'end' }),
    box({ x: LABEL_WIDTH, y: y + 5, width, height: ROW_HEIGHT - 12, color }),
    text(said, { x: LABEL_WIDTH + BAR_WIDTH + 14, y: y + 17, color }),
  ];
}
