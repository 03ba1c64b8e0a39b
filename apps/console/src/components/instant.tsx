import { useNow } from '../clock.ts';
import { elapsedMs, formatDuration } from '../format/duration.ts';
import { formatInstant } from '../format/instant.ts';
import { useZone } from '../format/zone.ts';

/** Local time; the exact instant is in its title. */
export function Instant({ at }: { readonly at: string | undefined }) {
  const nowMs = useNow('still');
  const zone = useZone();
  if (at === undefined) return <Nothing />;
  return (
    <time dateTime={at} title={at}>
      {formatInstant(at, nowMs, zone)}
    </time>
  );
}

export type ElapsedProps = {
  readonly start: string | undefined;
  readonly end: string | undefined;
};

/** A duration that ticks while there is no end. */
export function Elapsed({ start, end }: ElapsedProps) {
  const isLive = start !== undefined && end === undefined;
  const nowMs = useNow(isLive ? 'live' : 'still');
  const ms = elapsedMs(start, end, nowMs);
  return ms === undefined ? <Nothing /> : <span>{formatDuration(ms)}</span>;
}

/** Stands where there is no value. */
export function Nothing() {
  return (
    <span className="nothing" aria-label="none">
      –
    </span>
  );
}
