/** Keys and positions from the root of a document to a field. */
export type FieldPath = readonly (string | number)[];

/** The path as people read it: `tasks.ranking.inputs[0]`. */
export function formatFieldPath(path: FieldPath): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text;
}
