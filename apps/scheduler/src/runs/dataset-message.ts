import { formatDataType, type DataType } from '@floe/expression';
import type { Dataset } from '@floe/rpc/contracts';

type StoredDataset = {
  readonly uri: string;
  readonly rows: number;
  readonly bytes: number;
  readonly schema: readonly { readonly name: string; readonly type: DataType }[];
  readonly parts?: readonly { readonly uri: string }[];
};

/** A dataset reference, as an executor reported it, for people and programs. */
export function toDatasetMessage(stored: unknown): Dataset | undefined {
  if (!isDataset(stored)) return undefined;
  return {
    uri: stored.uri,
    rows: BigInt(stored.rows),
    bytes: BigInt(stored.bytes),
    columns: stored.schema.map((column) => ({
      name: column.name,
      type: formatDataType(column.type),
    })),
    partUris: (stored.parts ?? []).map(({ uri }) => uri),
  };
}

/** True for what an executor may report as a dataset. */
export function isDataset(value: unknown): value is StoredDataset {
  if (typeof value !== 'object' || value === null) return false;
  const { uri, rows, bytes, schema, parts } = value as Partial<
    Record<keyof StoredDataset, unknown>
  >;
  const isCounted = Number.isSafeInteger(rows) && Number.isSafeInteger(bytes);
  if (typeof uri !== 'string' || !isCounted || !Array.isArray(schema)) return false;
  return schema.every(isColumn) && (parts === undefined || isParts(parts));
}

function isParts(parts: unknown): boolean {
  return Array.isArray(parts) && parts.every(isPart);
}

function isPart(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return 'uri' in value && typeof value.uri === 'string';
}

function isColumn(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { name, type } = value as { name?: unknown; type?: unknown };
  return typeof name === 'string' && typeof type === 'object' && type !== null && 'kind' in type;
}
