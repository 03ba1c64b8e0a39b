import { floe } from '../api.ts';
import { Answered } from '../components/answered.tsx';
import { chooseZone, useZone } from '../format/zone.ts';
import type { Zone } from '../format/zone.ts';
import { Tabs, useTab } from '../components/tabs.tsx';
import { nextTheme, useTheme } from '../theme.ts';
import { forgetToken, readToken } from '../own-token.ts';
import { useAnswer } from '../use-answer.ts';
import { Audit } from './audit.tsx';
import { Tokens } from './tokens.tsx';

const TABS = {
  field: 'tab',
  tabs: [
    ['system', 'This Floe'],
    ['tokens', 'Tokens'],
    ['audit', 'Audit'],
  ],
} as const;

/** What this Floe is, who may do what, and what was done. */
export function SettingsPage() {
  const tab = useTab(TABS);
  return (
    <div className="page">
      <h1>Settings</h1>
      <Tabs label="Settings" {...TABS} />
      {tab === 'system' && <System />}
      {tab === 'tokens' && <Tokens />}
      {tab === 'audit' && <Audit />}
    </div>
  );
}

function System() {
  const answer = useAnswer({ key: 'system', call: () => floe.getSystem() });
  const theme = useTheme();
  const zone = useZone();
  return (
    <>
      <Answered answer={answer} what="the system">
        {({ version, services, jaegerUrl }) => (
          <section className="card" aria-labelledby="system-title">
            <header className="card-head">
              <h2 id="system-title">Floe {version}</h2>
            </header>
            <dl className="facts card-body">
              {Object.entries(services).map(([name, address]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>
                    <code>{address}</code>
                  </dd>
                </div>
              ))}
              <div>
                <dt>Jaeger</dt>
                <dd>{jaegerUrl === '' ? 'not configured (FLOE_JAEGER_URL)' : jaegerUrl}</dd>
              </div>
              <div>
                <dt>API</dt>
                <dd>
                  <a href="/api/openapi.json">/api/openapi.json</a>
                </dd>
              </div>
            </dl>
          </section>
        )}
      </Answered>
      <section className="card" aria-labelledby="look-title">
        <header className="card-head">
          <h2 id="look-title">Look</h2>
        </header>
        <div className="card-body look">
          <p>
            Theme: {theme}{' '}
            <button type="button" className="button" onClick={nextTheme}>
              Change
            </button>
          </p>
          <label>
            Times in{' '}
            <select value={zone} onChange={(event) => chooseZone(event.target.value as Zone)}>
              <option value="local">{ZONE} (this browser)</option>
              <option value="utc">UTC</option>
            </select>
          </label>
          <span className="muted">
            The exact instant shows on hover. Days of the calendar are those of {ZONE}.
          </span>
          {readToken() !== undefined && (
            <button type="button" className="button" onClick={forgetToken}>
              Forget the token
            </button>
          )}
        </div>
      </section>
    </>
  );
}

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
