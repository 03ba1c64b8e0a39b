const UNITS: Readonly<Record<string, number>> = {
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
  MB: 1000 ** 2,
  GB: 1000 ** 3,
};

/** Bytes of a size like `512MiB` or `1.5GiB`; undefined when the text is not one. */
export function parseMemoryBytes(text: string): number | undefined {
  const match = /^(\d{1,6}(?:\.\d{1,3})?) ?(MiB|GiB|MB|GB)$/.exec(text);
  if (match === null) return undefined;
  return Math.round(Number(match[1]) * UNITS[match[2]!]!);
}
