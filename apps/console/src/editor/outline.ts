import language from './generated/language.json';

/** What may stand at a place of the document. */
export type Outline = {
  readonly note?: string;
  readonly values?: readonly string[];
  /** What values mean, where it is said. */
  readonly notes?: Readonly<Record<string, string>>;
  readonly fields?: Readonly<Record<string, Outline>>;
  /** Of members whose names the author chooses, and of the members of a list. */
  readonly each?: Outline;
  /** By the value of the field `type`. */
  readonly types?: Readonly<Record<string, Outline>>;
};

export type LanguageName = {
  readonly space: string;
  readonly name: string;
  readonly signature: string;
  readonly summary: string;
};

export const NAMES: readonly LanguageName[] = language.names;

/** The outline at a path of a document; `typeAt` tells which type the author chose for the member at a part of the path. */
export function outlineAt(
  document: Outline,
  path: readonly string[],
  typeAt: (path: readonly string[]) => string | undefined,
): Outline | undefined {
  let here: Outline | undefined = document;
  for (const [index, name] of path.entries()) {
    const within = path.slice(0, index);
    const chosen: Outline | undefined = withType(here, typeAt(within));
    here = chosen?.fields?.[name] ?? chosen?.each;
    if (here === undefined) return undefined;
  }
  return withType(here, typeAt(path));
}

/** With the fields of the chosen type; without one, only the types are known. */
function withType(outline: Outline | undefined, type: string | undefined): Outline | undefined {
  const { types } = outline ?? {};
  if (types === undefined) return outline;
  const chosen = type === undefined ? undefined : types[type];
  const notes = Object.entries(types).map(([name, { note = '' }]) => [name, note] as const);
  const typeField: Outline = {
    note: 'What the task does.',
    values: Object.keys(types),
    notes: Object.fromEntries(notes),
  };
  return { ...chosen, fields: { ...chosen?.fields, type: typeField } };
}
