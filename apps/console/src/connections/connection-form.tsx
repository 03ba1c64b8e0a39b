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
type FieldName = (typeof FIELDS)[number][0] | (typeof HTTP_FIELDS)[number][0];
type Kind = Connection['kind'];

const NAME = ['name', 'Name', 'Used in workflows, like warehouse.'] as const;

const CERTIFICATE_FIELDS = [
  ['caReference', 'Where its authority is', 'In PEM; without it those that executors trust.'],
  ['clientCertificateReference', 'Where the certificate of the client is', 'In PEM.'],
  ['clientKeyReference', 'Where the key of that certificate is', 'In PEM.'],
] as const;

const FIELDS = [
  NAME,
  ['host', 'Host', 'Name or address of the server.'],
  ['port', 'Port', ''],
  ['database', 'Database', ''],
  ['username', 'User', ''],
  [
    'secretReference',
    'Where the password is',
    'env:NAME or file:/absolute/path, as the services see it. Never the password itself.',
  ],
  ...CERTIFICATE_FIELDS,
] as const;

const HTTP_FIELDS = [
  NAME,
  [
    'baseUrl',
    'Address',
    'What the addresses of tasks count from, like https://api.example.com/v1.',
  ],
  ['username', 'User', 'For Basic authentication; without it the secret is sent as Bearer.'],
  [
    'secretReference',
    'Where the secret is',
    'env:NAME or file:/absolute/path, as the services see it. Never the secret itself.',
  ],
  [
    'secretHeader',
    'Header of the secret',
    'Where the API takes it in a header of its own, like X-Api-Key.',
  ],
  ['proxy', 'Proxy', 'What requests go through, like http://proxy.example.com:3128.'],
  ['proxySecretReference', 'Where the login of the proxy is', 'USER:PASSWORD, by reference.'],
  ...CERTIFICATE_FIELDS,
] as const;

const OPTIONAL: ReadonlySet<string> = new Set([
  'secretReference',
  'secretHeader',
  'proxy',
  'proxySecretReference',
  'caReference',
  'clientCertificateReference',
  'clientKeyReference',
]);

const SSL_MODES: readonly SslMode[] = [
  'SSL_MODE_DISABLE',
  'SSL_MODE_REQUIRE',
  'SSL_MODE_VERIFY_FULL',
];

/** Creates or changes a connection. */
export function ConnectionForm({ connection, onClose, onSaved }: ConnectionFormProps) {
  const [fields, setFields] = useState<Fields>(() => fieldsOf(connection));
  const [sslMode, setSslMode] = useState<SslMode>(connection?.sslMode ?? 'SSL_MODE_DISABLE');
  const [kind, setKind] = useState<Kind>(connection?.kind ?? 'CONNECTION_KIND_POSTGRES');
  const isHttp = kind === 'CONNECTION_KIND_HTTP';
  const [error, setError] = useState<unknown>(undefined);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const next: NewConnection = isHttp
      ? { kind, ...fields }
      : { kind, ...fields, port: Number(fields.port), sslMode };
    floe.setConnection(next).then(onSaved, setError);
  };
  const title = connection === undefined ? 'New connection' : `Connection ${connection.name}`;
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="form" onSubmit={submit}>
        {connection === undefined && <KindField kind={kind} onChange={setKind} />}
        {(isHttp ? HTTP_FIELDS : FIELDS).map(([name, label, note]) => (
          <div className="field" key={name}>
            <label htmlFor={`connection-${name}`}>{label}</label>
            <input
              id={`connection-${name}`}
              value={fields[name]}
              required={!OPTIONAL.has(name) && !(isHttp && name === 'username')}
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
        {!isHttp && <SslField sslMode={sslMode} onChange={setSslMode} />}
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

type KindFieldProps = { readonly kind: Kind; readonly onChange: (kind: Kind) => void };

function KindField({ kind, onChange }: KindFieldProps) {
  return (
    <div className="field">
      <label htmlFor="connection-kind">Leads to</label>
      <select
        id="connection-kind"
        value={kind}
        onChange={({ target }) =>
          onChange(
            target.value === 'CONNECTION_KIND_HTTP'
              ? 'CONNECTION_KIND_HTTP'
              : 'CONNECTION_KIND_POSTGRES',
          )
        }
      >
        <option value="CONNECTION_KIND_POSTGRES">a PostgreSQL database</option>
        <option value="CONNECTION_KIND_HTTP">an HTTP API</option>
      </select>
    </div>
  );
}

type SslFieldProps = { readonly sslMode: SslMode; readonly onChange: (mode: SslMode) => void };

function SslField({ sslMode, onChange }: SslFieldProps) {
  return (
    <div className="field">
      <label htmlFor="connection-ssl">Encryption</label>
      <select
        id="connection-ssl"
        value={sslMode}
        onChange={(event) =>
          onChange(SSL_MODES.find((mode) => mode === event.target.value) ?? sslMode)
        }
      >
        {SSL_MODES.map((mode) => (
          <option key={mode} value={mode}>
            {mode.replace('SSL_MODE_', '').toLowerCase().replaceAll('_', ' ')}
          </option>
        ))}
      </select>
    </div>
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
    baseUrl: connection?.baseUrl ?? '',
    secretHeader: connection?.secretHeader ?? '',
    proxy: connection?.proxy ?? '',
    proxySecretReference: connection?.proxySecretReference ?? '',
    caReference: connection?.caReference ?? '',
    clientCertificateReference: connection?.clientCertificateReference ?? '',
    clientKeyReference: connection?.clientKeyReference ?? '',
  };
}
