import type { AuditEntry } from '@floe/client';
import { floe } from '../api.ts';
import { Answered } from '../components/answered.tsx';
import { Instant } from '../components/instant.tsx';
import { setQueryField, useAddress } from '../router.ts';
import { useAnswer } from '../use-answer.ts';

const PAGE_SIZE = 100;
// Who looks further back says what for.
const PAGES_MAX = 20;
const FILTERS = [
  ['actor', 'By whom, like token:ci'],
  ['action', 'What, like startRun'],
  ['object', 'On what, like workflows/etl'],
] as const;

/** What was asked of this Floe and changes something, newest first. */
export function Audit() {
  const search = useAddress().searchParams;
  const filter = Object.fromEntries(
    FILTERS.flatMap(([name]) => {
      const value = search.get(name) ?? '';
      return value === '' ? [] : [[name, value]];
    }),
  );
  const pages = Math.min(PAGES_MAX, Math.max(1, Number(search.get('pages')) || 1));
  const answer = useAnswer({
    key: `audit ${JSON.stringify(filter)} ${pages}`,
    call: () => loadEntries(filter, pages),
  });
  return (
    <>
      <form className="filter" role="search" onSubmit={(event) => event.preventDefault()}>
        {FILTERS.map(([name, label]) => (
          <input
            key={name}
            type="search"
            aria-label={label}
            placeholder={label}
            value={search.get(name) ?? ''}
            onChange={(event) => setQueryField(name, event.target.value)}
          />
        ))}
      </form>
      <Answered answer={answer} what="the audit log">
        {({ entries, hasMore }) =>
          entries.length === 0 ? (
            <p className="muted">Nothing that fits was asked for.</p>
          ) : (
            <>
              <AuditTable entries={entries} />
              {hasMore && pages < PAGES_MAX && (
                <p className="list-end">
                  <button
                    type="button"
                    className="button"
                    onClick={() => setQueryField('pages', String(pages + 1))}
                  >
                    Older ones
                  </button>
                </p>
              )}
            </>
          )
        }
      </Answered>
    </>
  );
}

type Filter = Readonly<Record<string, string>>;
type Entries = { readonly entries: readonly AuditEntry[]; readonly hasMore: boolean };

async function loadEntries(filter: Filter, pages: number): Promise<Entries> {
  const entries: AuditEntry[] = [];
  let pageToken = '';
  for (let page = 0; page < pages; page += 1) {
    const answer = await floe.listAuditEntries({ ...filter, pageSize: PAGE_SIZE, pageToken });
    entries.push(...answer.entries);
    pageToken = answer.nextPageToken;
    if (pageToken === '') break;
  }
  return { entries, hasMore: pageToken !== '' };
}

function AuditTable({ entries }: { readonly entries: readonly AuditEntry[] }) {
  return (
    <section className="card table-frame" aria-label="Audit log">
      <table>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">What</th>
            <th scope="col">On</th>
            <th scope="col">From</th>
            <th scope="col">Outcome</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.auditId}>
              <td>
                <Instant at={entry.occurTime} />
              </td>
              <td>{entry.actor}</td>
              <th scope="row">{entry.action}</th>
              <td>
                <code>{entry.object}</code>
              </td>
              <td>{entry.address}</td>
              <td>{entry.errorCode === '' ? 'done' : <code>{entry.errorCode}</code>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
