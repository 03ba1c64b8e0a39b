import { type BarGroup, type Panel, dataPlanePanels, isDrawn } from './data-plane-bars.ts';
import { rowsInWords, shortNumber } from './format-number.ts';
import { machineInWords } from './machine-in-words.ts';
import type { Results } from './read-results.ts';
import { COLOR, box, page, text } from './svg.ts';

const WIDTH = 860;
const SIZE_WIDTH = 150;
const NAME_WIDTH = 160;
const BAR_LEFT = SIZE_WIDTH + NAME_WIDTH + 10;
const BAR_WIDTH = 420;
const BAR_HEIGHT = 20;
const GROUP_GAP = 12;
const TITLE_HEIGHT = 34;
const TOP = 74;

/** Seconds of Floe and its peers. Each size has its own scale: its longest bar fills the width. */
export function drawDataPlane(results: Results): string {
  const shapes: string[] = [];
  const drawn = [...results.values()].filter(isDrawn);
  let y = TOP;
  for (const panel of dataPlanePanels(results)) {
    shapes.push(...drawPanel(panel, y));
    y += panelHeight(panel);
  }
  return page({ title: 'Floe moving rows, beside its peers', width: WIDTH, height: y + 12 }, [
    text('Moving rows of 15 columns, seconds', { x: 16, y: 26, size: 17, isBold: true }),
    text('each size to its own scale; shorter is better', {
      x: 16,
      y: 44,
      size: 12,
      color: COLOR.faint,
    }),
    text(drawn.length === 0 ? 'no results' : machineInWords(drawn), {
      x: 16,
      y: 62,
      size: 12,
      color: COLOR.faint,
    }),
    ...shapes,
  ]);
}

function groupHeight({ bars }: BarGroup): number {
  return bars.length * BAR_HEIGHT + GROUP_GAP;
}

function panelHeight({ groups }: Panel): number {
  return TITLE_HEIGHT + groups.reduce((sum, group) => sum + groupHeight(group), 0);
}

function drawPanel({ title, groups }: Panel, top: number): string[] {
  const shapes = [
    box({ x: 16, y: top + 4, width: WIDTH - 32, height: 1, color: COLOR.rule }),
    text(title, { x: 16, y: top + 24, size: 14, isBold: true }),
  ];
  let y = top + TITLE_HEIGHT;
  for (const group of groups) {
    shapes.push(...drawGroup(group, y));
    y += groupHeight(group);
  }
  return shapes;
}

function drawGroup({ rows, bars }: BarGroup, top: number): string[] {
  const longest = Math.max(...bars.map(({ seconds }) => seconds));
  const label = text(rowsInWords(rows), { x: 16, y: top + 15, color: COLOR.faint });
  const shapes = bars.flatMap(({ name, seconds, isFloe }, index) => {
    const y = top + index * BAR_HEIGHT;
    const width = Math.max(1, (seconds / longest) * BAR_WIDTH);
    return [
      text(name, { x: BAR_LEFT - 8, y: y + 15, anchor: 'end' }),
      box({
        x: BAR_LEFT,
        y: y + 3,
        width,
        height: BAR_HEIGHT - 5,
        color: isFloe ? COLOR.floe : COLOR.other,
      }),
      text(`${shortNumber(seconds)} s`, { x: BAR_LEFT + width + 6, y: y + 15, isBold: isFloe }),
    ];
  });
  return [label, ...shapes];
}
