import type { TaskRun } from '@floe/client';
import { formatCount } from '../format/quantity.ts';

/** How far the items of a mapped task are. */
export function TaskItems({ task: { items } }: { readonly task: TaskRun }) {
  if (items === undefined) return null;
  const { total, succeeded, failed } = items;
  const share = (count: number) => (100 * count) / Math.max(1, total);
  return (
    <section>
      <h3>Items</h3>
      <p>
        {formatCount(succeeded + failed)} of {formatCount(total)} done
        {failed > 0 && <strong>, {formatCount(failed)} failed</strong>}
      </p>
      <svg
        className="items-bar"
        viewBox="0 0 100 6"
        preserveAspectRatio="none"
        aria-hidden="true"
        focusable="false"
      >
        <rect className="progress-rest" width="100" height="6" />
        <rect data-tone="good" width={share(succeeded)} height="6" />
        <rect data-tone="bad" x={share(succeeded)} width={share(failed)} height="6" />
      </svg>
    </section>
  );
}
