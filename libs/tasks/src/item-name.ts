/**
 * Each item has a name of its own in the ledgers of databases, so that its effect counts once also when the items are
 * parted another way by the next attempt.
 */
export function itemName(taskId: string, index: number): string {
  return `${taskId}[${index}]`;
}
