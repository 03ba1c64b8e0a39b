import pc from 'picocolors';

export type Colors = ReturnType<typeof pc.createColors>;

/** The two streams of the command, and what each can show. Data goes to stdout, everything said to people to stderr. */
export type Terminal = {
  /** Writes one line of data to stdout. */
  print(line: string): void;
  /** Writes one line for people to stderr. */
  say(line: string): void;
  /** Writes to stderr as it is: for redrawing. */
  draw(text: string): void;
  /** Lines on stderr can be redrawn: it is a terminal that understands cursor movement, and nobody records it. */
  readonly isLive: boolean;
  /** stdout is a terminal: a person reads the data. */
  readonly isPersonReading: boolean;
  readonly outColors: Colors;
  readonly errorColors: Colors;
  /** Columns and rows of the terminal behind stderr. */
  size(): { readonly columns: number; readonly rows: number };
};

type Streams = { readonly stdout: NodeJS.WriteStream; readonly stderr: NodeJS.WriteStream };

type Environment = Readonly<Record<string, string | undefined>>;

// What a terminal is taken for that does not know its size, or says that it is 0.
const DEFAULT_COLUMNS = 100;
const DEFAULT_ROWS = 24;

export function openTerminal({ stdout, stderr }: Streams, env: Environment): Terminal {
  const isPlain = isSet(env['NO_COLOR']) || env['TERM'] === 'dumb' || isSet(env['CI']);
  return {
    print: (line) => void stdout.write(`${line}\n`),
    say: (line) => void stderr.write(`${line}\n`),
    draw: (text) => void stderr.write(text),
    isLive: stderr.isTTY === true && env['TERM'] !== 'dumb' && !isSet(env['CI']),
    isPersonReading: stdout.isTTY === true,
    outColors: pc.createColors(stdout.isTTY === true && !isPlain),
    errorColors: pc.createColors(stderr.isTTY === true && !isPlain),
    size: () => ({
      columns: stderr.columns || DEFAULT_COLUMNS,
      rows: stderr.rows || DEFAULT_ROWS,
    }),
  };
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '';
}
