import { posix } from 'node:path';
import { mayReadEnvironment } from './exceptions.ts';
import { lineAt } from './read-imports.ts';
import type { Violation } from './violation.ts';
import type { Package, SourceFile } from './workspace.ts';

/** What a reader takes in at one sitting. */
const FILE_LINES_MAX = 400;

const VAGUE_NAMES = /^(?:utils?|helpers?|common|misc|managers?)$/;

/** What reaches for the clock, chance, timers, the process or the network without an import. */
const AMBIENT =
  /(?<![\w$.])(?:Date\s*\.\s*now\b|new\s+Date\s*(?:\(\s*\)|(?=[;,)]))|Math\s*\.\s*random\b|set(?:Timeout|Interval|Immediate)\b|(?:process|performance|crypto)\s*(?:\?\.|\.|\[)|fetch\s*\(|globalThis\b)/g;

const ENVIRONMENT =
  /(?<![\w$.])process\s*(?:\?\.|\.)\s*env\b|(?<![\w$.])process\s*(?:\?\.\s*)?\[|\{[^{}]*\benv\b[^{}]*\}\s*=\s*process\b(?!\s*\.)/g;

/** Judges a file by its name, its size and what it uses without importing it. */
export function checkSource(from: Package, file: SourceFile): Violation[] {
  return [
    ...checkReadable(file),
    ...checkName(file),
    ...checkSize(file),
    ...checkAmbient(from, file),
    ...checkEnvironment(file),
  ];
}

function checkReadable(file: SourceFile): Violation[] {
  if (file.openAt === undefined) return [];
  return [
    {
      file: file.path,
      line: lineAt(file.text, file.openAt),
      what: 'has a comment or template that never ends',
      why: 'the rest of the file cannot be checked',
      mend: 'end it; a backtick in the text of JSX is written {"`"}',
    },
  ];
}

function checkName(file: SourceFile): Violation[] {
  const vague = posix
    .basename(file.path)
    .split(/[.-]/)
    .find((word) => VAGUE_NAMES.test(word));
  const folder = file.path
    .split('/')
    .slice(0, -1)
    .find((name) => VAGUE_NAMES.test(name));
  const word = vague ?? folder;
  if (word === undefined) return [];
  const why = 'such a name takes in anything and tells nothing';
  return [
    {
      file: file.path,
      line: 1,
      what: `is named "${word}"`,
      why,
      mend: 'name it by what it exports',
    },
  ];
}

function checkSize(file: SourceFile): Violation[] {
  const lines = lineAt(file.text.trimEnd(), file.text.length);
  if (file.kind === 'test' || lines <= FILE_LINES_MAX) return [];
  return [
    {
      file: file.path,
      line: FILE_LINES_MAX + 1,
      what: `has ${lines} lines`,
      why: `more than ${FILE_LINES_MAX} are not read at one sitting`,
      mend: 'split it by what its parts are about',
    },
  ];
}

function checkAmbient(from: Package, file: SourceFile): Violation[] {
  if (from.layer !== 'pure' || file.kind !== 'source') return [];
  return [...file.code.matchAll(AMBIENT)].map((match) => ({
    file: file.path,
    line: lineAt(file.text, match.index),
    what: `uses ${match[0]}`,
    why: 'a pure package has no clock, no I/O and no randomness of its own',
    mend: 'take the value as an argument',
  }));
}

function checkEnvironment(file: SourceFile): Violation[] {
  if (file.kind !== 'source' || mayReadEnvironment(file.path)) return [];
  const places = [...file.code.matchAll(ENVIRONMENT)].map(({ index }) => lineAt(file.text, index));
  const imported = file.imports.filter(({ specifier }) => specifier === 'node:process');
  return [...places, ...imported.map(({ line }) => line)].map((line) => ({
    file: file.path,
    line,
    what: 'reads process.env',
    why: 'settings come in by one door, where they are checked',
    mend: 'take the value from the configuration of @floe/service',
  }));
}
