import { Icon } from '../components/icon.tsx';
import { Link } from '../components/link.tsx';
import type { Route } from '../router.ts';
import { nextTheme, useTheme } from '../theme.ts';
import { PAGES } from './pages.ts';
import { Shards } from './shards.tsx';

const THEME_ICONS = { system: 'screen', light: 'sun', dark: 'moon' } as const;

// A page of one thing belongs to the page of all of them.
const PARENTS: Readonly<Record<string, string>> = {
  run: 'runs',
  compare: 'runs',
  view: 'runs',
  workflow: 'workflows',
  editor: 'workflows',
};

export type TopBarProps = {
  readonly route: Route;
  readonly onHelp: () => void;
  readonly onSearch: () => void;
};

export function TopBar({ route, onHelp, onSearch }: TopBarProps) {
  const theme = useTheme();
  const current = PARENTS[route.page] ?? route.page;
  return (
    <header className="topbar">
      <Link to="/" className="wordmark">
        <Shards />
        Floe
      </Link>
      <nav aria-label="Pages">
        {PAGES.filter(({ isInBar }) => isInBar).map(({ page, title, path, key }) => (
          <Link
            key={page}
            to={path}
            title={`${title} (g ${key})`}
            aria-current={page === current ? 'page' : undefined}
          >
            {title}
          </Link>
        ))}
      </nav>
      <div className="topbar-tools">
        <button type="button" className="search-button" onClick={onSearch}>
          <Icon name="search" />
          Find <kbd>Ctrl K</kbd>
        </button>
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
