/** Formats of files that rows come from and go to. */
export const FILE_FORMATS = ['csv', 'parquet', 'ndjson', 'arrow'] as const;

export type FileFormat = (typeof FILE_FORMATS)[number];

/** How the text formats may be packed. Parquet packs inside; Arrow files are read in place. */
export const FILE_COMPRESSIONS = ['none', 'gzip', 'zstd'] as const;

export type FileCompression = (typeof FILE_COMPRESSIONS)[number];

const EXTENSIONS: Readonly<Record<string, FileFormat>> = {
  csv: 'csv',
  tsv: 'csv',
  parquet: 'parquet',
  pq: 'parquet',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
  arrow: 'arrow',
  ipc: 'arrow',
  feather: 'arrow',
};
const PACKED: Readonly<Record<string, FileCompression>> = { gz: 'gzip', zst: 'zstd' };

export type NamedFormat = {
  readonly format: FileFormat | undefined;
  readonly compression: FileCompression;
};

/** What the name of a file says: `orders.csv.gz` is CSV, packed by gzip. */
export function formatOfName(path: string): NamedFormat {
  const endings = path.toLowerCase().split('/').at(-1)!.split('.').slice(1);
  const packed = PACKED[endings.at(-1) ?? ''];
  const ending = (packed === undefined ? endings.at(-1) : endings.at(-2)) ?? '';
  return { format: EXTENSIONS[ending], compression: packed ?? 'none' };
}
