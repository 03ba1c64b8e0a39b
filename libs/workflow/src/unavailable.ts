/** Words of the document that are taken but that this version does nothing with: they are refused, never ignored. */
export const UNAVAILABLE_TASK_TYPES = ['http'] as const;

export function isUnavailable(names: readonly string[], name: string): boolean {
  return names.includes(name);
}
