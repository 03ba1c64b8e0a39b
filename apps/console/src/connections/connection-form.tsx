import { useState } from 'react';
import type { FormEvent } from 'react';
import type { Connection, NewConnection, SslMode } from '@floe/client';
import { floe } from '../api.ts';
import { Dialog } from '../components/dialog.tsx';
import { ProblemBanner } from '../components/problem-banner.tsx';

export type ConnectionFormProps = {
  /** What is changed; undefined for a new one. */
  readonly connection: Connection | undefined;
  readonly onClose: () => void;
  readonly onSaved: () => void;
};

type Fields = Readonly<Record<FieldName, string>>;
type FieldName = (typeof FIELDS)[number][0];

const FIELDS = [
  ['name', 'Name', 'Used in workflows, like warehouse.'],
  ['host', 'Host', 'Name or address of the server.'],
  ['port', 'Port', ''],
  ['database', 'Database', ''],
  ['username', 'User', ''],
  [
    'secretReference',
    'Where the password is',
    'env:NAME or file:/absolute/path, as the services see it. Never the password itself.',
  ],
] as const;

const SSL_MODES: readonly SslMode[] = [
  'SSL_MODE_DISABLE',
  'SSL_MODE_REQUIRE',
  'SSL_MODE_VERIFY_FULL',
];

/** Creates or changes a connection. */
export function ConnectionForm({ connection, onClose, onSaved }: ConnectionFormProps) {
  const [fields, setFields] = useState<Fields>(() => fieldsOf(connection));
  const [sslMode, setSslMode] = useState<SslMode>(connection?.sslMode ?? 'SSL_MODE_DISABLE');
  const [error, setError] = useState<unknown>(undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const next: NewConnection = { ...fields, port: Number(fields.port), sslMode };
    floe.setConnection(next).then(onSaved, setError);
  };
  const title = connection === undefined ? 'New connection' : `Connection ${connection.name}`;
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        {FIELDS.map(([name, label, note]) => (
          <div className="field" key={name}>
            <label htmlFor={`connection-${name}`}>{label}</label>
            <input
              id={`connection-${name}`}
              value={fields[name]}
              required={name !== 'secretReference'}
              readOnly={name === 'name' && connection !== undefined}
              inputMode={name === 'port' ? 'numeric' : undefined}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) =>
                setFields((before) => ({ ...before, [name]: event.target.value }))
              }
            />
            {note !== '' && <p className="field-note">{note}</p>}
          </div>
        ))}
        <div className="field">
          <label htmlFor="connection-ssl">Encryption</label>
          <select
            id="connection-ssl"
            value={sslMode}
            onChange={(event) =>
              setSslMode(SSL_MODES.find((mode) => mode === event.target.value) ?? sslMode)
            }
          >
            {SSL_MODES.map((mode) => (
              <option key={mode} value={mode}>
                {mode.replace('SSL_MODE_', '').toLowerCase().replaceAll('_', ' ')}
              </option>
            ))}
          </select>
        </div>
        {error !== undefined && <ProblemBanner title="It was not saved." error={error} />}
        <p className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            Not now
          </button>
          <button type="submit" className="button primary">
            Save
          </button>
        </p>
      </form>
    </Dialog>
  );
}

function fieldsOf(connection: Connection | undefined): Fields {
  return {
    name: connection?.name ?? '',
    host: connection?.host ?? '',
    port: String(connection?.port ?? 5432),
    database: connection?.database ?? '',
    username: connection?.username ?? '',
    secretReference: connection?.secretReference ?? '',
  };
}
