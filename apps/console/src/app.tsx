import { useState } from 'react';
import { ShortcutsDialog } from './components/shortcuts-dialog.tsx';
import { matchRoute, navigate, useAddress } from './router.ts';
import { Gate } from './shell/gate.tsx';
import { PAGES } from './shell/pages.ts';
import { PageView } from './shell/page-view.tsx';
import { Palette } from './shell/palette.tsx';
import { TopBar } from './shell/top-bar.tsx';
import { moveRowFocus, useCommandKey, useShortcuts } from './shortcuts.ts';
import { nextTheme } from './theme.ts';

const GO_TO = Object.fromEntries(PAGES.map(({ key, path }) => [`g ${key}`, () => navigate(path)]));

/** The frame around every page. */
export function App() {
  const [open, setOpen] = useState<'help' | 'palette' | undefined>();
  const route = matchRoute(useAddress().pathname);
  const close = () => setOpen(undefined);
  useShortcuts({
    ...GO_TO,
    '?': () => setOpen('help'),
    '/': () => document.querySelector<HTMLElement>('[data-filter]')?.focus(),
    j: () => moveRowFocus(1),
    k: () => moveRowFocus(-1),
    t: nextTheme,
  });
  useCommandKey('k', () => setOpen('palette'));
  return (
    <>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <TopBar route={route} onHelp={() => setOpen('help')} onSearch={() => setOpen('palette')} />
      <main id="content" tabIndex={-1}>
        <Gate>
          <PageView route={route} />
        </Gate>
      </main>
      {open === 'help' && <ShortcutsDialog onClose={close} />}
      {open === 'palette' && <Palette onClose={close} />}
    </>
  );
}
