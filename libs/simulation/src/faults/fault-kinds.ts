/** Everything that can go wrong, each with how often it does in a world where it is on. */
export const CHANCE_FAULTS = {
  /** Of calls between services: the request, or the answer, never arrives. */
  'call-request-lost': 0.03,
  'call-answer-lost': 0.03,
  'call-slow': 0.05,
  /** The request is served a second time, later. */
  'call-doubled': 0.1,
  /** Of statements on the control database. */
  'statement-failed': 0.02,
  'statement-slow': 0.03,
  /** A transaction lost a race: it is to be tried again. */
  serialization: 0.03,
  /** The answer to a commit is lost; it took effect. */
  'commit-unknown-done': 0.03,
  /** The answer to a commit is lost; it did not take effect. */
  'commit-unknown-undone': 0.03,
  /** Of hints in JetStream. */
  'hint-lost': 0.2,
  'hint-doubled': 0.1,
  'hint-late': 0.15,
  'hint-ack-lost': 0.1,
  /** Of what goes to subscribers, and of notes to executors. */
  'event-refused': 0.05,
  'stop-lost': 0.3,
  /** Of attempts: how the work of a task ends. */
  'task-failed': 0.1,
  'task-fatal': 0.03,
  'worker-died': 0.06,
  'worker-hung': 0.03,
  'worker-stalled': 0.03,
  'memory-exceeded': 0.03,
  /** What an attempt was to read is gone, and so it fails with the name of the task that made it. */
  'dataset-gone': 0.05,
  /** Of statements on the target database of loads. */
  'target-failed': 0.04,
  'target-slow': 0.05,
  'target-commit-unknown-done': 0.05,
  'target-commit-unknown-undone': 0.05,
} as const;

/** The same of what only some worlds have. */
export const BREADTH_FAULTS = {
  /** Of items: one fails, the others of its attempt do not. */
  'item-failed': 0.1,
  /** Of items: whoever works on it dies, each time. */
  'item-kills-worker': 0.05,
} as const;

/** Of the session that holds what partitions read: it ends. */
export type SnapshotFault = 'snapshot-lost';

export type ChanceFault = keyof typeof CHANCE_FAULTS | keyof typeof BREADTH_FAULTS | SnapshotFault;

/** Faults that come at planned times, each with how many a world in which it is on has at most. */
export const PLANNED_FAULTS = {
  'kill-scheduler': 2,
  'kill-executor': 2,
  'pause-scheduler': 2,
  'pause-executor': 2,
  /** The worker goes on while its executor is paused. */
  'pause-supervisor': 2,
  'drain-executor': 1,
  'cut-node': 2,
  'nats-down': 1,
  'nats-wiped': 1,
  'nats-stuck': 1,
  'database-down': 1,
  'database-clock-jump': 2,
} as const;

/** Everything that tasks have made so far is cleared away. */
export type CollectionFault = 'datasets-collected';

export type PlannedFault = keyof typeof PLANNED_FAULTS | CollectionFault;

export type FaultKind = ChanceFault | PlannedFault;
