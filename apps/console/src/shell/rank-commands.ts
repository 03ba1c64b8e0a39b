/** Something that the palette can do: go to an address, or act. */
export type Command = {
  readonly title: string;
  /** What kind of thing it is, shown beside it. */
  readonly kind: string;
  readonly keys?: string;
  readonly act: () => void;
};

// More than a screen of them nobody reads.
const SHOWN_MAX = 12;

/** The commands that a text fits, best first: at the beginning, at a word, inside, then letter by letter. */
export function rankCommands(commands: readonly Command[], text: string): readonly Command[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return commands.slice(0, SHOWN_MAX);
  return commands
    .map((command) => ({ command, rank: rankOf(command.title.toLowerCase(), wanted) }))
    .filter(({ rank }) => rank < NO_FIT)
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, SHOWN_MAX)
    .map(({ command }) => command);
}

const NO_FIT = 4;

function rankOf(title: string, wanted: string): number {
  const at = title.indexOf(wanted);
  if (at === 0) return 0;
  if (at > 0) return /[\s\-_.]/.test(title[at - 1] ?? '') ? 1 : 2;
  return hasInOrder(title, wanted) ? 3 : NO_FIT;
}

function hasInOrder(title: string, wanted: string): boolean {
  let from = 0;
  for (const letter of wanted) {
    const at = title.indexOf(letter, from);
    if (at === -1) return false;
    from = at + 1;
  }
  return true;
}
