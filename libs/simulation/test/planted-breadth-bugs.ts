/** Bugs about items, approvals, runs of runs and keys. */
import type { Batch, ExchangeRequest, SubmittedInput } from '@floe/scheduling';
import type { Workflow } from '@floe/workflow';
import { bound, inTransactions, type PlantedBug } from './planting.ts';

function withoutFailedItems(request: ExchangeRequest): ExchangeRequest {
  const finished = request.finished.map((one) => {
    const { outcome } = one.input;
    if (outcome.kind !== 'succeeded') return one;
    return { ...one, input: { ...one.input, outcome: { ...outcome, failedItems: [] } } };
  });
  return { ...request, finished };
}

function withoutWaitingItems(batch: Batch): Batch {
  const runs = batch.runs.map(({ record, ...rest }) => {
    const tasks = record.state.tasks.map((task) =>
      task.items === undefined ? task : { ...task, items: { ...task.items, waiting: [] } },
    );
    return { ...rest, record: { ...record, state: { ...record.state, tasks } } };
  });
  return { ...batch, runs };
}

type ChangeTask = (task: Workflow['tasks'][number]) => Workflow['tasks'][number];

function withTasks(change: ChangeTask) {
  return (workflow: Workflow): Workflow => ({ ...workflow, tasks: workflow.tasks.map(change) });
}

const asManyAsThereAre: ChangeTask = (task) => {
  const { foreach } = task;
  return foreach === undefined ? task : { ...task, foreach: { ...foreach, parallel: 99 } };
};

const theWrongWayRound: ChangeTask = (task) => {
  if (task.type !== 'workflow') return task;
  const onClose = task.config['on_close'] === 'abandon' ? 'cancel' : 'abandon';
  return { ...task, config: { ...task.config, on_close: onClose } };
};

function alwaysYes(input: SubmittedInput): SubmittedInput {
  return input.type === 'answer' && 'taskId' in input
    ? { ...input, answer: { ...input.answer, approved: true } }
    : input;
}

export const BREADTH_BUGS: readonly PlantedBug[] = [
  {
    name: 'an item that failed counts as done',
    seenBy: 'items-once',
    seams: { exchange: withoutFailedItems },
  },
  {
    name: 'as many attempts of a task with items run as there is room for',
    seenBy: 'items-once',
    seams: { workflow: withTasks(asManyAsThereAre) },
  },
  {
    name: 'items that wait to be tried again are forgotten',
    seenBy: 'items-once',
    seams: {
      store: inTransactions((tx) => ({ write: (batch) => tx.write(withoutWaitingItems(batch)) })),
    },
  },
  {
    name: 'whatever a person answers is taken for yes',
    seenBy: 'one-answer',
    seams: { input: alwaysYes },
  },
  {
    name: 'on_close is read the wrong way round',
    seenBy: 'children-follow',
    seams: { workflow: withTasks(theWrongWayRound) },
  },
  {
    name: 'a cancel does not reach the run that a task started',
    seenBy: 'children-follow',
    seams: { relays: (relays) => ({ ...relays, cancelChild: () => Promise.resolve() }) },
  },
  {
    name: 'attempts that hold a place of a key are not counted',
    seenBy: 'keyed-limit',
    seams: { store: inTransactions(() => ({ countPlaces: () => Promise.resolve(new Map()) })) },
  },
  {
    name: 'every run that asks for a place of a key gets one',
    seenBy: 'keyed-limit',
    seams: {
      store: inTransactions(() => ({
        takePlaces: (wishes) =>
          Promise.resolve(
            new Map(wishes.map(({ runId }) => [runId, { isTaken: true, before: [] }])),
          ),
      })),
    },
  },
  {
    name: 'the place of a run that has ended stays taken',
    seenBy: 'keyed-limit',
    seams: { store: inTransactions(() => ({ freePlaces: () => Promise.resolve() })) },
  },
  {
    name: 'nobody tells who waits that a place is free',
    seenBy: 'keyed-limit',
    seams: {
      store: (store) => ({ ...bound(store), findWaitingForPlace: () => Promise.resolve([]) }),
    },
  },
];
