import pc from 'picocolors';
import type { Terminal } from '../src/terminal.ts';

/** A terminal that keeps what was written, as a pipe would get it; `isLive` lets lines be redrawn. */
export function createRecordingTerminal(
  options: { readonly isLive?: boolean; readonly columns?: number; readonly rows?: number } = {},
): Terminal & { stdout(): string; stderr(): string } {
  const out: string[] = [];
  const error: string[] = [];
  const { isLive = false, columns = 80, rows = 24 } = options;
  return {
    print: (line) => void out.push(`${line}\n`),
    say: (line) => void error.push(`${line}\n`),
    draw: (text) => void error.push(text),
    isLive,
    isPersonReading: false,
    outColors: pc.createColors(false),
    errorColors: pc.createColors(false),
    size: () => ({ columns, rows }),
    stdout: () => out.join(''),
    stderr: () => error.join(''),
  };
}
