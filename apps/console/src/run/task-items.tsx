import { useState } from 'react';
import type { Run, TaskItems as Items, TaskRun } from '@floe/client';
import { floe } from '../api.ts';
import { Answered } from '../components/answered.tsx';
import { formatCount } from '../format/quantity.ts';
import { useAnswer } from '../use-answer.ts';
import { ItemList } from './item-list.tsx';
import { itemWords } from './item-words.ts';
import { useDocument } from './use-document.ts';

export type TaskItemsProps = { readonly run: Run; readonly task: TaskRun };

/** The items of a mapped task, or the partitions of one: how far they are, and each of them. */
export function TaskItems({ run, task }: TaskItemsProps) {
  const { items } = task;
  const { word, values } = itemWords(useDocument(run) ?? {}, task.taskId, run.parameters);
  if (items === undefined) return null;
  const done = items.succeeded + items.failed;
  const share = (count: number) => (100 * count) / Math.max(1, items.total);
  return (
    <section>
      <h3>{word === 'item' ? 'Items' : 'Partitions'}</h3>
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
      <EachItem run={run} task={task} word={word} values={values} done={`${done} ${task.state}`} />
    </section>
  );
}

type EachProps = ReturnType<typeof itemWords> & {
  readonly run: Run;
  readonly task: TaskRun;
  /** Changes with the items: they are read anew then. */
  readonly done: string;
};

function EachItem({ run, task, done, word, values }: EachProps) {
  const { runId, taskId } = task;
  const answer = useAnswer({
    key: `items ${runId} ${taskId} ${done}`,
    call: (): Promise<Items> => floe.getTaskItems(runId, taskId),
  });
  // While the newer ones are read the older ones stay, and the list where it was scrolled to.
  const [last, setLast] = useState<Items>();
  if (answer.value !== undefined && answer.value !== last) setLast(answer.value);
  return (
    <Answered answer={{ ...answer, value: answer.value ?? last }} what={`the ${word}s`}>
      {(items) => <ItemList run={run} task={task} items={items} word={word} values={values} />}
    </Answered>
  );
}
