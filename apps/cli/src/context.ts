import type { ExitCode } from './exit-code.ts';
import type { Terminal } from './terminal.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What every command works with. */
export type CommandContext = {
  readonly terminal: Terminal;
  readonly env: Environment;
  /** The command asks for JSON: its errors are JSON too. */
  readonly isJson: boolean;
  /** Tells the shell how the command ended. */
  endWith(code: ExitCode): void;
};

/** Options of the program itself: allowed before and after every command. */
export type GlobalOptions = {
  readonly server?: string;
  readonly caFile?: string;
  readonly stateDir?: string;
};
