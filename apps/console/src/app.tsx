import { useEffect, useState } from 'react';
import { Icon } from './components/icon.tsx';
import { Link } from './components/link.tsx';
import { ShortcutsDialog } from './components/shortcuts-dialog.tsx';
import { matchRoute, navigate, useAddress } from './router.ts';
import type { Route } from './router.ts';
import { RunPage } from './run/run-page.tsx';
import { RunsPage } from './runs/runs-page.tsx';
import { moveRowFocus, useShortcuts } from './shortcuts.ts';
import { nextTheme, useTheme } from './theme.ts';

/** The frame around every page. */
export function App() {
  const [isHelpOpen, setHelpOpen] = useState(false);
  const route = matchRoute(useAddress().pathname);
  useShortcuts({
    '?': () => setHelpOpen(true),
    '/': () => document.querySelector<HTMLElement>('[data-filter]')?.focus(),
    j: () => moveRowFocus(1),
    k: () => moveRowFocus(-1),
    g: () => navigate('/'),
    t: nextTheme,
  });
  return (
    <>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <TopBar onHelp={() => setHelpOpen(true)} />
      <main id="content" tabIndex={-1}>
        <Page route={route} />
      </main>
      {isHelpOpen && <ShortcutsDialog onClose={() => setHelpOpen(false)} />}
    </>
  );
}

function Page({ route }: { readonly route: Route }) {
  useEffect(() => {
    if (route.page !== 'run') document.title = 'Runs · Floe';
  }, [route.page]);
  if (route.page === 'runs') return <RunsPage />;
  // Another run is another page: nothing of the last one may stay.
  if (route.page === 'run') return <RunPage key={route.runId} runId={route.runId} />;
  return (
    <section className="empty">
      <h1>Nothing here</h1>
      <p>
        There is no page at <code>{route.path}</code>.
      </p>
      <Link to="/">Go to the runs</Link>
    </section>
  );
}

const THEME_ICONS = { system: 'screen', light: 'sun', dark: 'moon' } as const;

function TopBar({ onHelp }: { readonly onHelp: () => void }) {
  const theme = useTheme();
  return (
    <header className="topbar">
      <Link to="/" className="wordmark">
        <Shards />
        Floe
      </Link>
      <nav aria-label="Pages">
        <Link to="/">Runs</Link>
      </nav>
      <div className="topbar-tools">
        <button type="button" className="icon-button" onClick={nextTheme} title="Theme (t)">
          <Icon name={THEME_ICONS[theme]} />
          <span className="visually-hidden">Theme: {theme}</span>
        </button>
        <button type="button" className="icon-button" onClick={onHelp} title="Keyboard (?)">
          <span aria-hidden="true">?</span>
          <span className="visually-hidden">Keyboard shortcuts</span>
        </button>
      </div>
    </header>
  );
}

/** Three pieces of ice that fit together: the mark of Floe. */
function Shards() {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path className="shard-high" d="M4 13 15 5l2 11-9 4z" />
      <path className="shard-middle" d="m18 7 10 6-3 6-6-3z" />
      <path className="shard-low" d="m8 22 9-4 9 3-6 6H11z" />
    </svg>
  );
}
