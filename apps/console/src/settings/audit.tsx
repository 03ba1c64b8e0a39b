import type { AuditEntry } from '@floe/client';
import { floe } from '../api.ts';
import { Answered } from '../components/answered.tsx';
import { Instant } from '../components/instant.tsx';
import { setQueryField, useAddress } from '../router.ts';
import { useAnswer } from '../use-answer.ts';

const ENTRIES_MAX = 200;
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
  const answer = useAnswer({
    key: `audit ${JSON.stringify(filter)}`,
    call: async () => (await floe.listAuditEntries({ ...filter, pageSize: ENTRIES_MAX })).entries,
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
        {(entries) =>
          entries.length === 0 ? (
            <p className="muted">Nothing that fits was asked for.</p>
          ) : (
            <AuditTable entries={entries} />
          )
        }
      </Answered>
    </>
  );
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
