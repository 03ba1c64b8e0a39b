/** What an executor has to be and to offer to take a task. */
export type Wanted = { readonly pool: string; readonly labels: readonly string[] | null };

export type Offer = { readonly pool: string; readonly labels: readonly string[] };

/** Why none of these executors can take what waits; undefined when one of them can. */
export function waitingReason(
  { pool, labels }: Wanted,
  executors: readonly Offer[],
): string | undefined {
  const wanted = labels ?? [];
  const ofPool = executors.filter((executor) => executor.pool === pool);
  if (ofPool.length === 0) return `no executor of pool ${pool} is there`;
  const missing = wanted.filter((label) => !ofPool.some((each) => each.labels.includes(label)));
  if (missing.length > 0) {
    const words = missing.length === 1 ? 'label' : 'labels';
    return `no executor of pool ${pool} offers ${words} ${missing.join(', ')}`;
  }
  const fits = ofPool.some((each) => wanted.every((label) => each.labels.includes(label)));
  return fits ? undefined : `no executor of pool ${pool} offers all of ${wanted.join(', ')}`;
}
