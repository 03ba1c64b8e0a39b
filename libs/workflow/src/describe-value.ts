/** The value in words that fit into a message: never longer than a line. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a block of fields';
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return `the number ${String(value as number | bigint)}`;
  const short = value.length > 40 ? `${value.slice(0, 40)}...` : value;
  return `the text "${short.replace(/\s+/g, ' ')}"`;
}
