/**
 * Every span and log attribute that Floe sets, in one place: a change of convention is a change of this file.
 *
 * `floe.*` names are ours. The others follow the OpenTelemetry semantic conventions: RPC (`rpc.response.status_code`
 * is the text of the gRPC status), messaging (`nats` is no listed system, its text is used as it is) and database.
 */
export const ATTRIBUTE = {
  runId: 'floe.run.id',
  taskId: 'floe.task.id',
  cachedFrom: 'floe.task.cached_from_run',
  taskName: 'floe.task.name',
  taskType: 'floe.task.type',
  attempt: 'floe.attempt',
  epoch: 'floe.epoch',
  workflowName: 'floe.workflow.name',
  workflowVersion: 'floe.workflow.version',
  state: 'floe.state',
  rows: 'floe.rows',
  bytes: 'floe.bytes',
  inputDatasets: 'floe.dataset.inputs',
  outputDataset: 'floe.dataset.output',
  executorId: 'floe.executor.id',
  pool: 'floe.pool',

  errorType: 'error.type',
  serverAddress: 'server.address',
  serverPort: 'server.port',

  rpcSystem: 'rpc.system.name',
  rpcMethod: 'rpc.method',
  rpcStatus: 'rpc.response.status_code',

  messagingSystem: 'messaging.system',
  messagingOperation: 'messaging.operation.name',
  messagingOperationType: 'messaging.operation.type',
  messagingDestination: 'messaging.destination.name',
  messagingDestinationTemplate: 'messaging.destination.template',
  messagingSubscription: 'messaging.destination.subscription.name',
  messagingMessageId: 'messaging.message.id',
  messagingBodySize: 'messaging.message.body.size',
  messagingBatchCount: 'messaging.batch.message_count',
  natsStream: 'floe.nats.stream',
  natsDeliveryCount: 'floe.nats.delivery_count',

  dbSystem: 'db.system.name',
  dbNamespace: 'db.namespace',
  dbOperation: 'db.operation.name',
  dbCollection: 'db.collection.name',
  dbQuerySummary: 'db.query.summary',
  dbQueryText: 'db.query.text',
  dbStatus: 'db.response.status_code',
  dbBatchSize: 'db.operation.batch.size',
} as const;

export type AttributeValue = string | number | boolean | readonly string[] | readonly number[];

/** Attributes of a span, an event or a link. Undefined values are left out. */
export type Attributes = Readonly<Record<string, AttributeValue | undefined>>;
