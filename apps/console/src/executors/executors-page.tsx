import type { Executor } from '@floe/client';
import { floe } from '../api.ts';
import { Answered } from '../components/answered.tsx';
import { CommandLine } from '../components/command-line.tsx';
import { Instant } from '../components/instant.tsx';
import { StateBadge } from '../components/state-badge.tsx';
import { useAnswer } from '../use-answer.ts';
import { sumSlots } from '../runs/sum-slots.ts';

const REFRESH_MS = 2_000;

/** Who does the work, by pool. */
export function ExecutorsPage() {
  const call = () => floe.listExecutors();
  const answer = useAnswer({ key: 'executors', call, pauseMs: REFRESH_MS });
  return (
    <div className="page">
      <h1>Executors</h1>
      <Answered answer={answer} what="the executors">
        {(executors) =>
          executors.length === 0 ? (
            <section className="empty">
              <h2>No executor has ever come</h2>
              <p>Tasks wait until one takes them. Start one beside the services:</p>
              <CommandLine command="floe up --executors 2 --slots 2" />
            </section>
          ) : (
            [...Map.groupBy(executors, ({ pool }) => pool)].map(([pool, ofPool]) => (
              <Pool key={pool} pool={pool} executors={ofPool} />
            ))
          )
        }
      </Answered>
    </div>
  );
}

type PoolProps = { readonly pool: string; readonly executors: readonly Executor[] };

function Pool({ pool, executors }: PoolProps) {
  const { active, slots, busy } = sumSlots(executors);
  return (
    <section className="card" aria-labelledby={`pool-${pool}`}>
      <header className="card-head">
        <h2 id={`pool-${pool}`}>Pool {pool}</h2>
        <span className="muted">
          {active === 0 ? 'no active executor: its tasks wait' : `${busy} of ${slots} slots busy`}
        </span>
      </header>
      <div className="table-frame">
        <table>
          <thead>
            <tr>
              <th scope="col">Executor</th>
              <th scope="col">State</th>
              <th scope="col">Slots</th>
              <th scope="col">Offers</th>
              <th scope="col">Version</th>
              <th scope="col">Started</th>
              <th scope="col">Last seen</th>
            </tr>
          </thead>
          <tbody>
            {executors.map((executor) => (
              <ExecutorRow key={executor.executorId} executor={executor} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function ExecutorRow({ executor }: { readonly executor: Executor }) {
  const { executorId, address, state, labels, version, startTime, lastSeenTime } = executor;
  return (
    <tr>
      <th scope="row">
        <code>{executorId}</code>
        <p className="muted row-note">{address}</p>
      </th>
      <td>
        <StateBadge state={state} />
      </td>
      <td>
        <Slots executor={executor} />
      </td>
      <td>{labels.join(', ')}</td>
      <td>{version}</td>
      <td>
        <Instant at={startTime} />
      </td>
      <td>
        <Instant at={lastSeenTime} />
      </td>
    </tr>
  );
}

function Slots({ executor: { slots, busySlots, state } }: { readonly executor: Executor }) {
  const isGone = state === 'EXECUTOR_STATE_LOST' || state === 'EXECUTOR_STATE_STOPPED';
  const busy = isGone ? 0 : busySlots;
  return (
    <span className="slots">
      <span aria-hidden="true">
        {Array.from({ length: slots }, (_, index) => (
          <span key={index} className="slot" data-busy={index < busy} />
        ))}
      </span>{' '}
      {busy} of {slots} busy
    </span>
  );
}
