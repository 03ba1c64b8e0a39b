import { z } from 'zod';
import { parseAddress } from './address.ts';
import { SECURITY_VARIABLES } from './security-variables.ts';
import { text, variable } from './variable.ts';

// More workers than this in one executor is a slip of the finger.
const SLOTS_MAX = 256;
// Ten years: who keeps outputs for longer wants them in a table.
const DATASET_KEEP_HOURS_MAX = 87_600;
// Ten years.
const RETENTION_DAYS_MAX = 3_650;
// One exchange carries them all, and has to fit into a message.
const LIGHT_MAX = 4_096;
// A label says what a machine has; a list that is longer is another thing.
const LABELS_MAX = 32;

// Each is loaded by every worker when it starts.
const TASK_PACKAGES_MAX = 32;
// More names than this for one service belong to its proxy.
const HOSTS_MAX = 32;

const address = z
  .string()
  .refine((value) => parseAddress(value) !== undefined, 'wanted host:port, like 127.0.0.1:7400');
const addressList = z
  .string()
  .transform((value) => value.split(',').map((part) => part.trim()))
  .pipe(z.array(address).min(1));
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,62}$/, 'wanted a name of a-z, 0-9, _ and -, at most 63 long');
const labelList = z
  .string()
  .transform((value) => value.split(',').map((part) => part.trim()))
  .pipe(z.array(name).max(LABELS_MAX, `wanted at most ${LABELS_MAX} labels`));

const packageList = z
  .string()
  .transform((value) => value.split(',').map((part) => part.trim()))
  .pipe(
    z
      .array(z.string().min(1, 'wanted names or paths, with commas between'))
      .max(TASK_PACKAGES_MAX, `wanted at most ${TASK_PACKAGES_MAX} packages`),
  );

const hostList = z
  .string()
  .transform((value) => value.split(',').map((part) => part.trim().toLowerCase()))
  .pipe(
    z
      .array(z.string().regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'wanted names like floe.example'))
      .max(HOSTS_MAX, `wanted at most ${HOSTS_MAX} names`),
  );

function countUpTo(max: number) {
  return z
    .string()
    .regex(/^\d+$/, 'wanted a whole number')
    .transform(Number)
    .pipe(z.number().min(1).max(max, `wanted a whole number from 1 to ${max}`));
}

function url(example: string, ...schemes: string[]) {
  return z.string().refine((value) => {
    if (!URL.canParse(value)) return false;
    return schemes.includes(new URL(value).protocol.replace(':', ''));
  }, `wanted a URL like ${example}`);
}

const postgresUrl = url('postgres://user@host:5432/floe', 'postgres', 'postgresql');
const httpUrl = url('http://127.0.0.1:7400', 'http', 'https');
const natsUrls = z
  .string()
  .transform((value) => value.split(',').map((part) => part.trim()))
  .pipe(z.array(url('nats://127.0.0.1:4222', 'nats', 'tls')).min(1));

function listenAt(service: string, port: number) {
  return variable({
    name: `FLOE_${service.toUpperCase()}_LISTEN`,
    usedBy: service,
    means: `Where the ${service} listens; port 0 takes any free one.`,
    default: `127.0.0.1:${port}`,
    schema: address,
  });
}

function reachAt(service: string) {
  return variable({
    name: `FLOE_${service.toUpperCase()}_ADDRESS`,
    usedBy: 'clients of it',
    means: `Where others reach the ${service}.`,
    defaultMeans: `FLOE_${service.toUpperCase()}_LISTEN`,
    schema: address.optional(),
  });
}

/** Every variable that Floe reads, the only such list. `OTEL_*` are those of the OpenTelemetry specification. */
export const VARIABLES = {
  stateDir: variable({
    name: 'FLOE_STATE_DIR',
    usedBy: 'all',
    means: 'The folder for everything that an embedded Floe keeps.',
    default: '.floe',
    schema: text,
  }),
  databaseUrl: variable({
    name: 'FLOE_DATABASE_URL',
    usedBy: 'metadata, scheduler, reporting, gateway',
    means: 'The control database.',
    defaultMeans: 'embedded PostgreSQL',
    isSecret: true,
    schema: postgresUrl.optional(),
  }),
  reportingDatabaseUrl: variable({
    name: 'FLOE_REPORTING_DATABASE_URL',
    usedBy: 'reporting',
    means: 'The control database for reading; may be a replica.',
    defaultMeans: 'FLOE_DATABASE_URL',
    isSecret: true,
    schema: postgresUrl.optional(),
  }),
  natsUrls: variable({
    name: 'FLOE_NATS_URL',
    usedBy: 'metadata, scheduler, executor, reporting, cli',
    means: 'The NATS servers, separated by commas.',
    defaultMeans: 'embedded nats-server',
    isSecret: true,
    schema: natsUrls.optional(),
  }),
  gatewayListen: listenAt('gateway', 7400),
  metadataListen: listenAt('metadata', 7401),
  schedulerListen: listenAt('scheduler', 7402),
  reportingListen: listenAt('reporting', 7403),
  executorListen: listenAt('executor', 7411),
  gatewayHttpListen: variable({
    name: 'FLOE_GATEWAY_HTTP_LISTEN',
    usedBy: 'gateway',
    means:
      'Where a gateway that speaks HTTPS sends browsers on that come by HTTP; all else is refused there.',
    defaultMeans: 'nowhere',
    schema: address.optional(),
  }),
  gatewayHosts: variable({
    name: 'FLOE_GATEWAY_HOSTS',
    usedBy: 'gateway',
    means:
      'The names under which others reach the gateway, separated by commas; requests to other names are refused.',
    defaultMeans: 'the names of loopback, and addresses',
    schema: hostList.optional(),
  }),
  tokens: variable({
    name: 'FLOE_TOKENS',
    usedBy: 'gateway',
    means:
      '`required`: every request to the API names a token. `off`: none is needed, and the gateway listens on loopback only.',
    default: 'off',
    schema: z.enum(['off', 'required'], { error: 'wanted off or required' }),
  }),
  token: variable({
    name: 'FLOE_TOKEN',
    usedBy: 'cli',
    means: 'The token that commands send, where one is required.',
    defaultMeans: 'none',
    isSecret: true,
    schema: text.optional(),
  }),
  ...SECURITY_VARIABLES,
  smtpUrl: variable({
    name: 'FLOE_SMTP_URL',
    usedBy: 'metadata',
    means: 'The server that notices by mail go to: smtp://user:password@host:587, or smtps://.',
    defaultMeans: 'no mail',
    isSecret: true,
    schema: url('smtp://mail.example.com:587', 'smtp', 'smtps').optional(),
  }),
  mailFrom: variable({
    name: 'FLOE_MAIL_FROM',
    usedBy: 'metadata',
    means: 'Who notices by mail come from.',
    default: 'Floe <floe@localhost>',
    schema: z.string().regex(/^(?:[^<>\p{Cc}]+<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/u, {
      error: 'wanted floe@example.com, or Floe <floe@example.com>',
    }),
  }),
  webhookHosts: variable({
    name: 'FLOE_WEBHOOK_HOSTS',
    usedBy: 'metadata',
    means:
      'Hosts within the own network to which notices may go as webhooks, separated by commas. All others have to be ' +
      'reachable by public addresses.',
    defaultMeans: 'none',
    schema: hostList.optional(),
  }),
  httpHosts: variable({
    name: 'FLOE_HTTP_HOSTS',
    usedBy: 'executor, metadata',
    means:
      'Hosts within the own network that `http` tasks and tests of connections may reach, separated by commas. All others ' +
      'have to be reachable by public addresses.',
    defaultMeans: 'none',
    schema: hostList.optional(),
  }),
  noticesFile: variable({
    name: 'FLOE_NOTICES_FILE',
    usedBy: 'metadata',
    means:
      'A YAML file whose `notify` is a list of rules as that of a document, for the runs of all workflows.',
    defaultMeans: 'no rules for all',
    schema: text.optional(),
  }),
  metadataAddress: reachAt('metadata'),
  schedulerAddresses: variable({
    name: 'FLOE_SCHEDULER_ADDRESS',
    usedBy: 'clients of it',
    means: 'Where others reach the schedulers, separated by commas.',
    defaultMeans: 'FLOE_SCHEDULER_LISTEN',
    schema: addressList.optional(),
  }),
  reportingAddress: reachAt('reporting'),
  gatewayUrl: variable({
    name: 'FLOE_GATEWAY_URL',
    usedBy: 'cli',
    means: 'The Floe that commands go to.',
    defaultMeans: 'http:// and FLOE_GATEWAY_LISTEN',
    schema: httpUrl.optional(),
  }),
  executorAddress: variable({
    name: 'FLOE_EXECUTOR_ADDRESS',
    usedBy: 'executor',
    means: 'Where others reach this executor, as it says of itself.',
    defaultMeans: 'FLOE_EXECUTOR_LISTEN',
    schema: address.optional(),
  }),
  executorId: variable({
    name: 'FLOE_EXECUTOR_ID',
    usedBy: 'executor',
    means: 'The name of this executor, different from all others that run.',
    defaultMeans: 'host, pid and a random part',
    schema: name.optional(),
  }),
  executorSlots: variable({
    name: 'FLOE_EXECUTOR_SLOTS',
    usedBy: 'executor',
    means: 'How many attempts that need a worker process an executor runs at once.',
    default: '2',
    schema: countUpTo(SLOTS_MAX),
  }),
  executorLight: variable({
    name: 'FLOE_EXECUTOR_LIGHT',
    usedBy: 'executor',
    means: 'How many light tasks, which need no worker, an executor runs at once.',
    default: '256',
    schema: countUpTo(LIGHT_MAX),
  }),
  metricsListen: variable({
    name: 'FLOE_METRICS_LISTEN',
    usedBy: 'all',
    means:
      'Where a service answers Prometheus at /metrics, and probes at /healthz and /readyz. Each process needs a port of its own.',
    defaultMeans: 'nowhere',
    schema: address.optional(),
  }),
  executorLabels: variable({
    name: 'FLOE_EXECUTOR_LABELS',
    usedBy: 'executor',
    means: 'What the executor offers besides its pool, separated by commas; tasks may ask for it.',
    defaultMeans: 'none',
    schema: labelList.optional(),
  }),
  executorPool: variable({
    name: 'FLOE_EXECUTOR_POOL',
    usedBy: 'executor',
    means: 'The pool whose tasks the executor takes.',
    default: 'default',
    schema: name,
  }),
  datasetDir: variable({
    name: 'FLOE_DATASET_DIR',
    usedBy: 'executor',
    means:
      'Where an executor keeps the outputs of tasks. With the store `directory` all executors must see the same folder.',
    defaultMeans: '`datasets` in FLOE_STATE_DIR',
    schema: text.optional(),
  }),
  datasetStore: variable({
    name: 'FLOE_DATASET_STORE',
    usedBy: 'executor',
    means:
      'Through what executors read the outputs of each other: `directory` (FLOE_DATASET_DIR is shared), `nats` (object ' +
      'store) or `s3://bucket/prefix` (with the standard AWS_ variables).',
    default: 'directory',
    schema: z
      .string()
      .regex(/^(directory|nats|s3:\/\/.+)$/, 'wanted directory, nats or s3://bucket/prefix'),
  }),
  datasetKeepHours: variable({
    name: 'FLOE_DATASET_KEEP_HOURS',
    usedBy: 'executor',
    means:
      'How long the outputs of tasks stay after they were last written or read. A run can be taken up again from any of ' +
      'its tasks for as long.',
    default: '72',
    schema: z
      .string()
      .regex(/^\d+$/, 'wanted a whole number of hours')
      .transform(Number)
      .pipe(z.number().min(1).max(DATASET_KEEP_HOURS_MAX)),
  }),
  retentionDays: variable({
    name: 'FLOE_RETENTION',
    usedBy: 'scheduler',
    means:
      'How long the history of runs is kept, in days like `30d`, or `forever`. What is older goes a partition at a time, ' +
      'once all of its runs have ended.',
    default: '30d',
    schema: z
      .string()
      .regex(/^(\d{1,4}d|forever)$/, 'wanted days like 30d, or forever')
      .transform((value) => (value === 'forever' ? undefined : Number.parseInt(value, 10)))
      .pipe(z.number().min(1).max(RETENTION_DAYS_MAX).optional()),
  }),
  historyPartition: variable({
    name: 'FLOE_HISTORY_PARTITION',
    usedBy: 'scheduler',
    means:
      'How much time a partition of the history spans: `day` or `week`. It holds for partitions that are made from now on.',
    default: 'week',
    schema: z.enum(['day', 'week'], { error: 'wanted day or week' }),
  }),
  filesDir: variable({
    name: 'FLOE_FILES_DIR',
    usedBy: 'executor',
    means:
      'The folder in which file_extract and file_load may read and write; nothing outside of it is touched.',
    defaultMeans: 'no files; `floe up` gives the folder in which it was started',
    schema: text.optional(),
  }),
  taskPackages: variable({
    name: 'FLOE_TASK_PACKAGES',
    usedBy: 'metadata, scheduler, executor, command line',
    means:
      'Packages of task types, with commas between: names of installed packages, or paths of files. Each runs with the rights of an executor, so that who sets it has to trust them.',
    defaultMeans: "none but Floe's own types",
    schema: packageList.optional(),
  }),
  logLevel: variable({
    name: 'FLOE_LOG_LEVEL',
    usedBy: 'all',
    means: 'The least level of log lines: debug, info, warn, error or silent.',
    default: 'info',
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent'], {
      error: 'wanted debug, info, warn, error or silent',
    }),
  }),
  openLineageUrl: variable({
    name: 'FLOE_OPENLINEAGE_URL',
    usedBy: 'reporting',
    means:
      'Where OpenLineage events of runs are sent, like http://marquez:5000; without a path, to /api/v1/lineage of it. They are then published on `floe.lineage.>` as well.',
    defaultMeans: 'none are made',
    isSecret: true,
    schema: httpUrl.optional(),
  }),
  openLineageApiKey: variable({
    name: 'FLOE_OPENLINEAGE_API_KEY',
    usedBy: 'reporting',
    means: 'Sent with each OpenLineage event as a bearer token.',
    defaultMeans: 'none',
    isSecret: true,
    schema: text.optional(),
  }),
  openLineageNamespace: variable({
    name: 'FLOE_OPENLINEAGE_NAMESPACE',
    usedBy: 'reporting',
    means: 'The namespace of jobs in OpenLineage events.',
    default: 'floe',
    schema: text,
  }),
  jaegerUrl: variable({
    name: 'FLOE_JAEGER_URL',
    usedBy: 'gateway, reporting',
    means: 'Where people look at traces; a run then links to its own.',
    defaultMeans: 'no links',
    schema: httpUrl.optional(),
  }),
} as const;
