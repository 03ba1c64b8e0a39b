import { useEffect, useRef, useState } from 'react';
import { ShortcutsDialog } from './components/shortcuts-dialog.tsx';
import { matchRoute, navigate, useAddress } from './router.ts';
import { Gate } from './shell/gate.tsx';
import { PAGES } from './shell/pages.ts';
import { PageBoundary } from './shell/page-boundary.tsx';
import { PageView } from './shell/page-view.tsx';
import { Palette } from './shell/palette.tsx';
import { TellTitle } from './shell/tell-title.tsx';
import { TopBar } from './shell/top-bar.tsx';
import { moveRowFocus, useCommandKey, useShortcuts } from './shortcuts.ts';
import { nextTheme } from './theme.ts';

const GO_TO = Object.fromEntries(PAGES.map(({ key, path }) => [`g ${key}`, () => navigate(path)]));

/** Whoever has left a page by one of its links goes on at the begin of the next one, not at that of the whole document. */
function useFocusOnPage(pathname: string): void {
  const seen = useRef(pathname);
  useEffect(() => {
    const isOther = seen.current !== pathname;
    seen.current = pathname;
    const { activeElement, body } = document;
    if (isOther && (activeElement === body || activeElement === null)) {
      document.getElementById('content')?.focus({ preventScroll: true });
    }
  }, [pathname]);
}

/** The frame around every page. */
export function App() {
  const [open, setOpen] = useState<'help' | 'palette' | undefined>();
  const { pathname } = useAddress();
  const route = matchRoute(pathname);
  const close = () => setOpen(undefined);
  useShortcuts({
    ...GO_TO,
    '?': () => setOpen('help'),
    '/': () => document.querySelector<HTMLElement>('[data-filter]')?.focus(),
    j: () => moveRowFocus(1),
    k: () => moveRowFocus(-1),
    t: nextTheme,
  });
  useFocusOnPage(pathname);
  useCommandKey('k', () => setOpen('palette'));
  return (
    <>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <TopBar route={route} onHelp={() => setOpen('help')} onSearch={() => setOpen('palette')} />
      <main id="content" tabIndex={-1}>
        <Gate>
          <PageBoundary key={pathname}>
            <PageView route={route} />
          </PageBoundary>
        </Gate>
      </main>
      <TellTitle />
      {open === 'help' && <ShortcutsDialog onClose={close} />}
      {open === 'palette' && <Palette onClose={close} />}
    </>
  );
}
