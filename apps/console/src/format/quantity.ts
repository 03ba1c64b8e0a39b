const GROUPED = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const KIB = 1024;
const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** A 64-bit integer of the API (decimal text) with its thousands apart: `3,000,000`. */
export function formatCount(value: string | number): string {
  return GROUPED.format(typeof value === 'number' ? value : BigInt(value));
}

/** The same in few characters: `3M`, `12.4K`. */
export function formatCompact(value: string): string {
  return COMPACT.format(BigInt(value));
}

/** `1 row`, `2K rows`. */
export function formatCompactRows(value: string): string {
  return `${formatCompact(value)} ${value === '1' ? 'row' : 'rows'}`;
}

/** Bytes in powers of 1024, as the command line writes them: `999 B`, `1.2 KiB`, `45.9 MiB`, `298 MiB`. */
export function formatBytes(value: string): string {
  let amount = Number(value);
  let unit = 0;
  while (amount >= KIB && unit < BYTE_UNITS.length - 1) {
    amount /= KIB;
    unit += 1;
  }
  const digits = unit === 0 || amount >= 100 ? 0 : 1;
  return `${amount.toFixed(digits)} ${BYTE_UNITS[unit] ?? ''}`;
}

/** Rows for each second: `850 rows/s`, `1.2M rows/s`. */
export function formatRate(perSecond: number): string {
  return `${COMPACT.format(perSecond)} rows/s`;
}

/** `1 row`, `2,000 rows`. */
export function formatRows(value: string): string {
  return `${formatCount(value)} ${value === '1' ? 'row' : 'rows'}`;
}
