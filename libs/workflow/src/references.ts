/** `${{ ... }}` in a text: typed references to parameters, which are bound and never pasted. */
export type Reference = {
  /** What stands between the braces, without spaces around it. */
  readonly inner: string;
  /** From the dollar sign to behind the last brace, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
};

const REFERENCE = /\$\{\{([^{}\n]*)\}\}/g;
const PARAMETER = /^params\.([a-z][a-z0-9_]*)$/;

/** All references of a text, in order. An opening `${{` without its end is returned up to the end of its line. */
export function referencesIn(text: string): readonly Reference[] {
  const found: Reference[] = [];
  let opening = text.indexOf('${{');
  while (opening !== -1) {
    REFERENCE.lastIndex = opening;
    const match = REFERENCE.exec(text);
    const isClosed = match?.index === opening;
    const end = isClosed ? REFERENCE.lastIndex : endOfLine(text, opening);
    const inner = isClosed ? match[1]!.trim() : text.slice(opening, end).trim();
    found.push({ inner, start: opening, end });
    opening = text.indexOf('${{', end);
  }
  return found;
}

/** The parameter that a reference names, or undefined when it is something else. */
export function parameterOf(reference: Reference): string | undefined {
  return PARAMETER.exec(reference.inner)?.[1];
}

/** The parameter that a text consists of, as `${{ params.name }}`; undefined for any other text. */
export function parameterReference(text: string): string | undefined {
  const [first] = referencesIn(text);
  const isAll = first?.start === 0 && first.end === text.length;
  return isAll ? parameterOf(first) : undefined;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

/** The parameters that a value refers to in any of its texts, each once, in order of their names. */
export function parametersIn(value: unknown): readonly string[] {
  return [...new Set(namesIn(value))].toSorted();
}

function namesIn(value: unknown): readonly string[] {
  if (typeof value === 'string')
    return referencesIn(value).flatMap((reference) => parameterOf(reference) ?? []);
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(namesIn);
}
