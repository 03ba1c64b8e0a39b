import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import { Dialog } from '../components/dialog.tsx';
import { rankCommands } from './rank-commands.ts';
import type { Command } from './rank-commands.ts';
import { useCommands } from './use-commands.ts';

/** Goes anywhere by typing some letters of it. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const commands = useCommands();
  const [text, setText] = useState('');
  const [index, setIndex] = useState(0);
  const shown = rankCommands(commands, text);
  const current = Math.min(index, Math.max(0, shown.length - 1));
  const run = (command: Command | undefined) => {
    if (command === undefined) return;
    onClose();
    command.act();
  };
  const onKey = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setIndex((current + step + shown.length) % Math.max(1, shown.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(shown[current]);
    }
  };
  return (
    <Dialog title="Find" onClose={onClose}>
      <input
        className="palette-input"
        role="combobox"
        aria-label="Page, workflow or run"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={shown.length === 0 ? undefined : `palette-${current}`}
        placeholder="A page, a workflow, a run …"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setIndex(0);
        }}
        onKeyDown={onKey}
      />
      <ul className="palette-list" role="listbox" id="palette-list" aria-label="What fits">
        {shown.map((command, position) => (
          <li
            key={`${command.kind} ${command.title}`}
            id={`palette-${position}`}
            role="option"
            aria-selected={position === current}
            onMouseMove={() => setIndex(position)}
            onClick={() => run(command)}
          >
            <span className="palette-title">{command.title}</span>
            <span className="muted">{command.kind}</span>
            {command.keys !== undefined && <kbd>{command.keys}</kbd>}
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p className="muted">Nothing fits “{text}”.</p>}
    </Dialog>
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };
