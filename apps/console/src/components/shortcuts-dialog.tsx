import { PAGES } from '../shell/pages.ts';
import { Dialog } from './dialog.tsx';

const SHORTCUTS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['Ctrl', 'K'], 'Find a page, a workflow or a run'],
  [['/'], 'Go to the filter'],
  [['j', 'k'], 'Next or previous row'],
  [['Enter'], 'Open the row'],
  [['↑', '↓'], 'In the log: the line before or after; Enter opens the newest'],
  [['p'], 'To the panel of the open task, and back'],
  [['Esc'], 'Close the task, the line or the dialog'],
  [['t'], 'Change the theme'],
  [['?'], 'Show this list'],
  ...PAGES.map(({ key, title }) => [['g', key], title] as const),
];

/** What the keyboard can do. */
export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <dl className="shortcuts">
        {SHORTCUTS.map(([keys, does]) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit" className="button">
          Close
        </button>
      </form>
    </Dialog>
  );
}
