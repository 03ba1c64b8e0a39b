import { CopyButton } from '../components/copy-button.tsx';
import { Icon } from '../components/icon.tsx';
import { Link } from '../components/link.tsx';
import { ProblemBanner } from '../components/problem-banner.tsx';
import { viewPath } from '../router.ts';
import { isForAll, runsAddress, toCommand } from './runs-query.ts';
import type { RunsQuery } from './runs-query.ts';
import { SaveView } from './save-view.tsx';
import { useViews } from './use-views.ts';
import type { KeptView } from './use-views.ts';

/** Filters that were given a name, and how to keep this one. */
export function ViewsBar({ query }: { readonly query: RunsQuery }) {
  const { views, canShare, error, save, forget } = useViews();
  const here = runsAddress(query);
  const isSaved = views.some(({ address }) => address === here);
  if (views.length === 0 && isForAll(query)) return null;
  return (
    <>
      <div className="views" role="group" aria-label="Saved views">
        {views.map((view) => (
          <OneView
            key={`${view.viewId} ${view.name}`}
            view={view}
            isHere={view.address === here}
            onForget={() => forget(view)}
          />
        ))}
        {!isForAll(query) && !isSaved && (
          <SaveView
            canShare={canShare}
            onSave={(name, shared) => save({ name, address: here, shared })}
          />
        )}
        <span className="muted view-command">
          <code>{toCommand(query)}</code>
          <CopyButton text={toCommand(query)} label="Copy the command that lists the same" />
        </span>
      </div>
      {error !== undefined && <ProblemBanner title="The views are not up to date." error={error} />}
    </>
  );
}

type OneViewProps = {
  readonly view: KeptView;
  readonly isHere: boolean;
  readonly onForget: () => void;
};

function OneView({ view, isHere, onForget }: OneViewProps) {
  const { viewId, name, address, shared, by } = view;
  return (
    <span className="view" data-here={isHere} title={by === '' ? '' : `Shared by ${by}`}>
      <Link to={address}>{name}</Link>
      {isHere && shared && (
        <CopyButton
          text={new URL(viewPath(viewId), globalThis.location.origin).href}
          label={`Copy the link to the view ${name}`}
        />
      )}
      {by === '' && (
        <button
          type="button"
          className="icon-button"
          title={`Forget the view ${name}`}
          onClick={onForget}
        >
          <Icon name="close" />
          <span className="visually-hidden">Forget the view {name}</span>
        </button>
      )}
    </span>
  );
}
