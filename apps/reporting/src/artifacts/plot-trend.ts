/** How long the runs of a workflow took and how many rows they loaded, as an SVG. Nothing in it runs or is loaded. */
export type PlottedRun = {
  readonly state: string;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly rows: number;
};

const WIDTH = 640;
const HEIGHT = 220;
const LEFT = 70;
const RIGHT = 70;
const TOP = 28;
const BOTTOM = 28;

// The bars of a few runs would be slabs.
const BAR_WIDTH_MAX = 28;

const COLOURS: Readonly<Record<string, string>> = {
  succeeded: '#2e7d32',
  failed: '#c62828',
  timed_out: '#c62828',
  cancelled: '#757575',
};
const COLOUR_OF_OPEN = '#1565c0';
const COLOUR_OF_ROWS = '#6a1b9a';

/** Oldest first: a bar for the duration of each, and a line for its rows. */
export function plotTrend(runs: readonly PlottedRun[]): string {
  const longest = Math.max(1, ...runs.map(({ durationMs }) => durationMs));
  const most = Math.max(1, ...runs.map(({ rows }) => rows));
  const step = (WIDTH - LEFT - RIGHT) / Math.max(1, runs.length);
  const width = Math.min(BAR_WIDTH_MAX, step * 0.8);
  const room = HEIGHT - TOP - BOTTOM;
  const height = (part: number) => round(part * room);
  const bars = runs.map(({ state, durationMs }, index) => {
    const tall = height(durationMs / longest);
    const colour = COLOURS[state] ?? COLOUR_OF_OPEN;
    const x = round(LEFT + index * step + (step - width) / 2);
    return `<rect x="${x}" y="${round(HEIGHT - BOTTOM - tall)}" width="${round(width)}" height="${tall}" fill="${colour}"/>`;
  });
  const points = runs.map(({ rows }, index) => {
    const x = round(LEFT + (index + 0.5) * step);
    return `${x},${round(HEIGHT - BOTTOM - height(rows / most))}`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="sans-serif" font-size="11">`,
    `<title>Duration and rows loaded of the last ${runs.length} runs</title>`,
    `<line x1="${LEFT}" y1="${HEIGHT - BOTTOM}" x2="${WIDTH - RIGHT}" y2="${HEIGHT - BOTTOM}" stroke="#9e9e9e"/>`,
    ...bars,
    `<polyline points="${points.join(' ')}" fill="none" stroke="${COLOUR_OF_ROWS}" stroke-width="1.5"/>`,
    text(LEFT - 6, TOP + 4, { anchor: 'end', said: `${(longest / 1_000).toFixed(2)} s` }),
    text(WIDTH - RIGHT + 6, TOP + 4, {
      anchor: 'start',
      said: `${most.toLocaleString('en-US')} rows`,
    }),
    text(LEFT, HEIGHT - 8, { anchor: 'start', said: dayOf(runs[0]) }),
    text(WIDTH - RIGHT, HEIGHT - 8, { anchor: 'end', said: dayOf(runs.at(-1)) }),
    '</svg>',
  ].join('\n');
}

function text(x: number, y: number, { anchor, said }: { anchor: string; said: string }): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" fill="#616161">${said}</text>`;
}

function dayOf(run: PlottedRun | undefined): string {
  return run === undefined
    ? ''
    : new Date(run.startedAt).toISOString().slice(0, 16).replace('T', ' ');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
