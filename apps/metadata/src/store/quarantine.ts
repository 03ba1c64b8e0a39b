import type { ControlDatabase } from '@floe/database';

export type QuarantinedRow = {
  readonly checksum: string;
  readonly source: string;
  readonly kind: string;
  readonly place: string;
  readonly document_id: string;
  readonly reason: string;
  readonly excerpt: string;
};

/** Puts documents aside. One that is there already gets the reason and place of this time. */
export async function putQuarantined(
  db: Pick<ControlDatabase['db'], 'insertInto'>,
  rows: readonly QuarantinedRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const once = new Map(rows.map((row) => [row.checksum, row]));
  await db
    .insertInto('legacy_quarantine')
    .values([...once.values()].toSorted((a, b) => (a.checksum < b.checksum ? -1 : 1)))
    .onConflict((conflict) =>
      conflict.column('checksum').doUpdateSet((eb) => ({
        source: eb.ref('excluded.source'),
        place: eb.ref('excluded.place'),
        reason: eb.ref('excluded.reason'),
      })),
    )
    .execute();
}
