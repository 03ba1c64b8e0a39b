const NAME = /^preview of partition (\d{1,5}) of (\d{1,5})$/;

export type PreviewPart = { readonly index: number; readonly count: number };

/** The name of the preview of a dataset, or of one part of it. */
export function previewName(part: PreviewPart | undefined): string {
  if (part === undefined) return 'preview';
  return `preview of partition ${part.index + 1} of ${part.count}`;
}

/** Which part a preview is of; undefined where it is of the whole. */
export function previewPart(name: string): PreviewPart | undefined {
  const [, number, count] = NAME.exec(name) ?? [];
  return number === undefined ? undefined : { index: Number(number) - 1, count: Number(count) };
}
