/** Three digits that count: 12,345 · 123 · 12.3 · 1.23 · 0.123. */
export function shortNumber(value: number): string {
  const digits = { maximumFractionDigits: value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3 };
  return value.toLocaleString('en', digits);
}

/** 500 thousand, 2 million. */
export function rowsInWords(rows: number): string {
  return rows >= 1_000_000
    ? `${shortNumber(rows / 1_000_000)} million rows`
    : `${shortNumber(rows / 1_000)} thousand rows`;
}
