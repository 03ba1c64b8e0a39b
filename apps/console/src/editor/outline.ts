import language from './generated/language.json';

/** What may stand at a place of the document. */
export type Outline = {
  readonly note?: string;
  readonly values?: readonly string[];
  readonly fields?: Readonly<Record<string, Outline>>;
  readonly each?: Outline;
  readonly types?: Readonly<Record<string, Outline>>;
};

export type LanguageName = {
  readonly space: string;
  readonly name: string;
  readonly signature: string;
  readonly summary: string;
};

export const DOCUMENT: Outline = language.document;
export const NAMES: readonly LanguageName[] = language.names;

/** The outline at a path; `typeAt` tells which type the author chose for the member at a part of the path. */
export function outlineAt(
  path: readonly string[],
  typeAt: (path: readonly string[]) => string | undefined,
): Outline | undefined {
  let here: Outline | undefined = DOCUMENT;
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
  const values = Object.keys(types);
  const typeField: Outline = {
    note: 'What the task does.',
    values,
  };
  const chosen = type === undefined ? undefined : types[type];
  return { ...chosen, fields: { ...chosen?.fields, type: typeField } };
}
