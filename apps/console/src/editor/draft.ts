/**
 * What is written and not applied is kept for the tab: a page that is loaded anew, or a link that was followed too soon,
 * costs no text.
 */
const keyOf = (name: string) => `floe.draft.${name}`;

/** Of a workflow; the one that has no name yet has an empty one. Undefined where nothing was left. */
export function readDraft(name: string): string | undefined {
  try {
    return sessionStorage.getItem(keyOf(name)) ?? undefined;
  } catch {
    // Storage may be switched off: then only the page itself has it.
    return undefined;
  }
}

export function keepDraft(name: string, source: string): void {
  try {
    sessionStorage.setItem(keyOf(name), source);
  } catch {
    // Nothing more can be done for it: the page still has it.
  }
}

export function dropDraft(name: string): void {
  try {
    sessionStorage.removeItem(keyOf(name));
  } catch {
    // Then there is none.
  }
}
