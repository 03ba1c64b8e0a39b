/** Looks for the row that PostgreSQL refused without saying which it was. Only failures pay for it. */
import { quoteIdentifier, type TargetSession } from '@floe/database/target';
import { FloeError } from '@floe/errors';
import { findRow } from '@floe/frame';
import type { LoadPlan } from '@floe/frame/columns';

/** Tells the answer of the block from whatever else may fail in it. */
const FOUND_STATE = 'FL001';
/** Whoever waits for the failure of a large load waits no longer than this for the number of the row. */
const SEARCH_TIMEOUT_MS = 30_000;

export type RefusedValue = { readonly row: number; readonly column: string };

/**
 * The first row of a staging table whose text, or whatever it came as, is none for the column of the table. Undefined
 * where that was not it, or where the server does not say: it may be gone, or have no PL/pgSQL.
 */
export async function findMiscast(
  session: TargetSession,
  staging: string,
  plan: LoadPlan,
): Promise<RefusedValue | undefined> {
  const cast = plan.filter(({ through }) => through !== undefined);
  if (cast.length === 0) return undefined;
  try {
    await session.transaction('begin', async () => {
      // Rows come in the order in which they were copied, unless a scan joins one that is under way.
      await session.query(
        `set local synchronize_seqscans = off; set local statement_timeout = ${SEARCH_TIMEOUT_MS}`,
      );
      await session.query(`do ${literal(searchBlock(staging, cast))}`);
    });
  } catch (thrown) {
    const said = thrown instanceof FloeError && thrown.details['sql_state'] === FOUND_STATE;
    const [, row, place] = (said && /says: (\d+) (\d+) /.exec(thrown.message)) || [];
    const column = cast[Number(place)]?.target.name;
    return column === undefined ? undefined : { row: Number(row), column };
  }
  return undefined;
}

/** Assigns each value to a variable of the column's type, as an INSERT does, and says at which it failed. */
function searchBlock(staging: string, cast: LoadPlan): string {
  const names = cast.map(({ target }) => quoteIdentifier(target.name));
  const variables = cast.map(({ target }, index) => `value_${index} ${target.type.name};`);
  const assignments = names.map(
    (name, index) => `place := ${index}; value_${index} := staged.${name};`,
  );
  return `
    declare staged record; row_number bigint := 0; place int := 0; ${variables.join(' ')}
    begin
      for staged in select ${names.join(', ')} from ${staging} loop
        row_number := row_number + 1;
        ${assignments.join(' ')}
      end loop;
    exception when others then
      raise exception '% %', row_number, place using errcode = '${FOUND_STATE}';
    end`;
}

/** Strings are read as SQL says: sessions set so. */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

export type RefusedKey = { readonly columns: readonly string[]; readonly values: string };

/** The first row of the dataset with a key that PostgreSQL wrote; undefined where it writes the values otherwise. */
export async function findKey(
  paths: readonly string[],
  plan: LoadPlan,
  { columns, values }: RefusedKey,
): Promise<number | undefined> {
  const sources = columns.map((name) => plan.find(({ target }) => target.name === name)?.source);
  const known = sources.filter((source) => source !== undefined);
  return known.length === columns.length ? findRow(paths, known, values) : undefined;
}
