import type { TaskItems as Items, TaskRun } from '@floe/client';
import { floe } from '../api.ts';
import { Answered } from '../components/answered.tsx';
import { formatCount } from '../format/quantity.ts';
import { useAnswer } from '../use-answer.ts';
import { ItemList } from './item-list.tsx';

/** The items of a mapped task: how far they are, and each of them. */
export function TaskItems({ task }: { readonly task: TaskRun }) {
  const { runId, taskId, items } = task;
  const done = items === undefined ? 0 : items.succeeded + items.failed;
  if (items === undefined) return null;
  const share = (count: number) => (100 * count) / Math.max(1, items.total);
  return (
    <section>
      <h3>Items</h3>
      <p>
        {formatCount(done)} of {formatCount(items.total)} done
        {items.failed > 0 && <strong>, {formatCount(items.failed)} failed</strong>}
      </p>
      <svg
        className="items-bar"
        viewBox="0 0 100 6"
        preserveAspectRatio="none"
        aria-hidden="true"
        focusable="false"
      >
        <rect className="progress-rest" width="100" height="6" />
        <rect data-tone="good" width={share(items.succeeded)} height="6" />
        <rect data-tone="bad" x={share(items.succeeded)} width={share(items.failed)} height="6" />
      </svg>
      <EachItem runId={runId} taskId={taskId} done={`${done} ${task.state}`} />
    </section>
  );
}

type EachProps = {
  readonly runId: string;
  readonly taskId: string;
  /** Changes with the items: they are read anew then. */
  readonly done: string;
};

function EachItem({ runId, taskId, done }: EachProps) {
  const answer = useAnswer({
    key: `items ${runId} ${taskId} ${done}`,
    call: (): Promise<Items> => floe.getTaskItems(runId, taskId),
  });
  return (
    <Answered answer={answer} what="the items">
      {(items) => <ItemList items={items} />}
    </Answered>
  );
}
