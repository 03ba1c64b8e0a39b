import { sentence, toMessage } from '../problem.ts';
import { Icon } from './icon.tsx';

export type ProblemBannerProps = {
  readonly title: string;
  readonly error: unknown;
  readonly onRetry?: (() => void) | undefined;
};

/** Says that data is missing or stale, why, and offers to try again. */
export function ProblemBanner({ title, error, onRetry }: ProblemBannerProps) {
  const { message, hint } = toMessage(error);
  return (
    <div className="banner" role="alert">
      <Icon name="lost" />
      <p>
        <strong>{title}</strong> {sentence(message)}
        {hint !== '' && <span className="muted"> {hint}</span>}
      </p>
      {onRetry !== undefined && (
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}
