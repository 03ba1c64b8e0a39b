import { useState } from 'react';
import type { Connection } from '@floe/client';
import { floe } from '../api.ts';
import { Answered } from '../components/answered.tsx';
import { CommandLine } from '../components/command-line.tsx';
import { Icon } from '../components/icon.tsx';
import { Instant, Nothing } from '../components/instant.tsx';
import { setQueryField, useQueryField } from '../router.ts';
import { useAnswer } from '../use-answer.ts';
import { ConnectionForm } from './connection-form.tsx';
import { TestButton } from './test-button.tsx';

const PAGE_MAX = 500;

/** The databases and HTTP APIs that workflows know by name. */
export function ConnectionsPage() {
  const answer = useAnswer({
    key: 'connections',
    call: async () => (await floe.listConnections({ pageSize: PAGE_MAX })).connections,
  });
  const edited = useQueryField('edit');
  const close = () => setQueryField('edit', '');
  return (
    <div className="page">
      <header className="page-head">
        <h1>Connections</h1>
        <button type="button" className="button" onClick={() => setQueryField('edit', NEW)}>
          <Icon name="plus" />
          New connection
        </button>
      </header>
      <Answered answer={answer} what="the connections">
        {(connections) => (
          <>
            {connections.length === 0 ? (
              <NoConnections />
            ) : (
              <ConnectionTable connections={connections} />
            )}
            {edited !== '' && (
              <ConnectionForm
                connection={connections.find(({ name }) => name === edited)}
                onClose={close}
                onSaved={() => {
                  close();
                  answer.reload();
                }}
              />
            )}
          </>
        )}
      </Answered>
    </div>
  );
}

// No name of a connection: names begin with a letter.
const NEW = '+';

function ConnectionTable({ connections }: { readonly connections: readonly Connection[] }) {
  return (
    <div className="card table-frame">
      <table data-rows>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Database</th>
            <th scope="col">User</th>
            <th scope="col">Secret</th>
            <th scope="col">Changed</th>
            <th scope="col">Test</th>
          </tr>
        </thead>
        <tbody>
          {connections.map((connection) => (
            <ConnectionRow key={connection.name} connection={connection} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ConnectionRow({ connection }: { readonly connection: Connection }) {
  const { name, host, port, database, baseUrl, username, secretReference, updateTime } = connection;
  const [isKnown, setKnown] = useState(true);
  if (!isKnown) return null;
  return (
    <tr>
      <th scope="row">
        <button
          type="button"
          className="row-link"
          data-row
          onClick={() => setQueryField('edit', name)}
        >
          {name}
        </button>
      </th>
      <td>
        <code>{baseUrl === '' ? `${host}:${port}/${database}` : baseUrl}</code>
      </td>
      <td>{username}</td>
      <td>{secretReference === '' ? <Nothing /> : <code>{secretReference}</code>}</td>
      <td>
        <Instant at={updateTime} />
      </td>
      <td>
        <TestButton name={name} onDeleted={() => setKnown(false)} />
      </td>
    </tr>
  );
}

function NoConnections() {
  return (
    <section className="empty">
      <h2>No database is known yet</h2>
      <p>
        A workflow names its databases; where they are, and where their secrets lie, is said here
        once. Or from a terminal:
      </p>
      <CommandLine command="floe connections set warehouse --host db.example --port 5432 --database app --user floe --secret env:WAREHOUSE_PASSWORD" />
    </section>
  );
}
