/** The few shapes that the drawings are made of, as text: the same numbers give the same file. */

export const FONT = 'font-family="Helvetica, Arial, sans-serif"';

/** On white, so that it reads alike on light and dark pages. */
export const COLOR = {
  paper: '#ffffff',
  ink: '#1f2933',
  faint: '#616e7c',
  rule: '#d5dbe1',
  floe: '#0b7285',
  other: '#a9b4bf',
  met: '#2b8a3e',
  missed: '#c2410c',
} as const;

export type Text = {
  readonly x: number;
  readonly y: number;
  readonly size?: number;
  readonly color?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly isBold?: boolean;
};

export function text(content: string, { x, y, size = 13, color, anchor, isBold }: Text): string {
  const weight = isBold === true ? ' font-weight="bold"' : '';
  const side = anchor === undefined ? '' : ` text-anchor="${anchor}"`;
  return `<text x="${at(x)}" y="${at(y)}" font-size="${size}" fill="${color ?? COLOR.ink}"${side}${weight}>${escapeText(content)}</text>`;
}

export type Box = {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly color: string;
};

export function box({ x, y, width, height, color }: Box): string {
  return `<rect x="${at(x)}" y="${at(y)}" width="${at(width)}" height="${at(height)}" fill="${color}"/>`;
}

export type Line = { readonly x: number; readonly from: number; readonly to: number };

/** A dashed line from top to bottom. */
export function upright({ x, from, to }: Line): string {
  return `<line x1="${at(x)}" y1="${at(from)}" x2="${at(x)}" y2="${at(to)}" stroke="${COLOR.faint}" stroke-dasharray="4 3"/>`;
}

export type Page = { readonly title: string; readonly width: number; readonly height: number };

export function page({ title, width, height }: Page, shapes: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" ${FONT}>`,
    `<title>${escapeText(title)}</title>`,
    box({ x: 0, y: 0, width, height, color: COLOR.paper }),
    ...shapes,
    '</svg>',
    '',
  ].join('\n');
}

/** A tenth of a pixel is finer than anybody sees. */
function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escapeText(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
