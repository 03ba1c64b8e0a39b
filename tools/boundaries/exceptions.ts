/** Where something special may be used: paths from the root of the workspace, each with its reason. */
export type Allowed = { readonly where: RegExp; readonly reason: string };

/** The packages that speak to something outside, and the one library that may import them. */
type Driver = {
  readonly packages: RegExp;
  readonly owner: string;
  readonly also: readonly Allowed[];
};

const DRIVERS: readonly Driver[] = [
  {
    packages: /^(?:pg|pg-copy-streams)$/,
    owner: '@floe/database',
    also: [
      { where: /^e2e\//, reason: 'looks at the results as a user does, past the code under test' },
    ],
  },
  {
    packages: /^kysely$/,
    owner: '@floe/database',
    also: [
      {
        where: /^apps\/[^/]+\/src\/(?:store|commit|trace)\//,
        reason: 'queries of the control database',
      },
      { where: /^apps\/[^/]+\/test\//, reason: 'sets the scene in the control database' },
    ],
  },
  {
    packages: /^(?:mongodb|bson)$/,
    owner: '@floe/mongo',
    also: [],
  },
  {
    packages: /^(?:nodemailer|smtp-server)$/,
    owner: '@floe/delivery',
    also: [
      {
        where: /^(?:e2e|apps\/metadata\/test)\//,
        reason: 'a mail server that gets what people would get',
      },
    ],
  },
  {
    packages: /^@nats-io\//,
    owner: '@floe/bus',
    also: [
      {
        where: /^(?:e2e|apps\/metadata\/test)\//,
        reason: 'subscribes as a user does, past the code under test',
      },
    ],
  },
  {
    packages: /^(?:@grpc\/.+|@bufbuild\/protobuf)$/,
    owner: '@floe/rpc',
    also: [{ where: /^libs\/testing\//, reason: 'the OTLP receiver is a gRPC server of its own' }],
  },
  {
    packages: /^(?:nodejs-polars|flatbuffers)$/,
    owner: '@floe/frame',
    also: [
      {
        where: /^libs\/expression\/(?:test\/|.+\.test\.ts$)/,
        reason: 'Polars is the judge of the plans',
      },
    ],
  },
  {
    packages: /^(?:@opentelemetry\/.+|pino)$/,
    owner: '@floe/telemetry',
    also: [{ where: /^libs\/testing\//, reason: 'the OTLP receiver decodes what exporters send' }],
  },
];

/** Tests, e2e and tools may read the environment as well. */
const ENVIRONMENT_READERS: readonly Allowed[] = [
  { where: /^libs\/service\/src\//, reason: 'checks the variables for all services' },
  {
    where: /^libs\/embedded\/src\//,
    reason: 'hands PATH and settings on to the processes that it starts',
  },
  {
    where: /^libs\/telemetry\/src\/telemetry\.ts$/,
    reason: 'OTEL_* are read by the rules of OpenTelemetry',
  },
  {
    where: /^(?:apps\/cli|chaos)\/src\/main\.ts$/,
    reason: 'the edge of the command: all else gets it passed in',
  },
  {
    where: /^libs\/testing\/src\/other-postgres\.ts$/,
    reason: 'whoever runs the tests names another server for them',
  },
  { where: /^apps\/[^/]+\/src\/secrets\//, reason: 'a secret reference names a variable' },
  {
    where: /^apps\/executor\/src\/slots\/slot\.ts$/,
    reason: 'the start of a worker, which inherits a list of names',
  },
  {
    where: /^apps\/executor\/src\/worker\/main\.ts$/,
    reason: 'the start of a worker, which is told what it loads',
  },
];

/** What they import is not written anywhere here. */
const COMPUTED_IMPORTERS: readonly Allowed[] = [
  {
    where: /^libs\/tasks\/src\/packages\/load-task-packages\.ts$/,
    reason: 'loads the packages of task types that whoever runs Floe has chosen',
  },
];

export function driverOf(packageName: string): Driver | undefined {
  return DRIVERS.find(({ packages }) => packages.test(packageName));
}

export function mayUseDriver(driver: Driver, packageName: string, path: string): boolean {
  return packageName === driver.owner || driver.also.some(({ where }) => where.test(path));
}

export function mayReadEnvironment(path: string): boolean {
  return ENVIRONMENT_READERS.some(({ where }) => where.test(path));
}

export function mayImportComputed(path: string): boolean {
  return COMPUTED_IMPORTERS.some(({ where }) => where.test(path));
}
