import { markOf } from '../state/state-mark.ts';
import type { StateName } from '../state/state-mark.ts';
import { Icon } from './icon.tsx';

/** A state as icon and word. */
export function StateBadge({ state }: { readonly state: StateName }) {
  const { word, icon, tone } = markOf(state);
  return (
    <span className="state" data-tone={tone}>
      <Icon name={icon} />
      {word}
    </span>
  );
}
