/**
 * Where in a YAML document a cursor is, told from the indentation alone: the text is being written and may not parse.
 * Flow style (`{ … }`, `[ … ]`) is read on its own line only.
 */
export type YamlPlace = {
  /** Keys from the root; members of lists have no name and are `-`. */
  readonly path: readonly string[];
  /** The key before the cursor on its line, when it is behind the colon. */
  readonly key: string | undefined;
  /** What is written of the word at the cursor. */
  readonly word: string;
};

type Line = { readonly indent: number; readonly key: string | undefined; readonly isItem: boolean };

const LINE = /^(\s*)((?:- +)*)(?:(["']?)([A-Za-z_$][\w.-]*)\3\s*:(?=\s|$))?/;

function readLine(text: string): Line | undefined {
  const content = text.trim();
  if (content === '' || content.startsWith('#')) return undefined;
  const [, space = '', dash = '', , key] = LINE.exec(text) ?? [];
  return { indent: space.length + dash.length, key, isItem: dash !== '' };
}

/** The place of a cursor that stands behind so many characters of a line; lines count from 0. */
export function yamlPlace(lines: readonly string[], at: number, column: number): YamlPlace {
  const text = (lines[at] ?? '').slice(0, column);
  const own = readLine(text);
  const indent = own?.indent ?? text.length;
  const word = /[\w.-]*$/.exec(text)?.[0] ?? '';
  const path = parents(lines, at, indent);
  const withItem = own?.isItem === true && path.at(-1) !== '-' ? [...path, '-'] : path;
  return { path: withItem, key: own?.key, word };
}

function parents(lines: readonly string[], at: number, indent: number): readonly string[] {
  const path: string[] = [];
  let inner = indent;
  for (let index = at - 1; index >= 0 && inner > 0; index -= 1) {
    const line = readLine(lines[index] ?? '');
    if (line === undefined || line.indent > inner) continue;
    // The first key of a member of a list stands beside its dash, as deep as its other keys.
    if (line.isItem && line.indent === inner) {
      path.unshift('-');
      inner = (lines[index] ?? '').search(/\S/);
      // The list may stand as deep as its key.
      inner += 1;
      continue;
    }
    if (line.indent < inner && line.key !== undefined) {
      path.unshift(line.key);
      inner = line.indent;
    }
  }
  return path;
}

/** The value of a key directly below a path, like the `type` of a task. */
export function valueBelow(
  lines: readonly string[],
  path: readonly string[],
  key: string,
): string | undefined {
  for (const [index, text] of lines.entries()) {
    const line = readLine(text);
    if (line?.key !== key) continue;
    const own = parents(lines, index, line.indent);
    const whole = line.isItem && own.at(-1) !== '-' ? [...own, '-'] : own;
    if (whole.join('\n') !== path.join('\n')) continue;
    return /:\s*["']?([\w.-]+)/.exec(text)?.[1];
  }
  return undefined;
}
