import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { FloeError, nearestName, type Violation } from '@floe/errors';
import type { z } from 'zod';
import type { Variable } from './variable.ts';
import { VARIABLES } from './variables.ts';

/** The text of variables by name, as in `process.env`. */
export type EnvironmentSource = Readonly<Record<string, string | undefined>>;

type Fields = typeof VARIABLES;
type Field = keyof Fields;
type Parsed = { readonly [Name in Field]: z.output<Fields[Name]['schema']> };

// Those whose default is made of another value; after reading they are always there.
type Derived =
  | 'metadataAddress'
  | 'schedulerAddresses'
  | 'reportingAddress'
  | 'gatewayUrl'
  | 'executorId'
  | 'executorLabels'
  | 'datasetDir';

/**
 * All `FLOE_*` settings, checked. `databaseUrl`, `reportingDatabaseUrl`, `natsUrls` and `jaegerUrl` are undefined when
 * not set; `reportingDatabaseUrl` falls back to `databaseUrl`. Addresses are `host:port`.
 */
export type FloeEnvironment = {
  readonly [Name in Field]: Name extends Derived ? NonNullable<Parsed[Name]> : Parsed[Name];
} & {
  /** FLOE_TLS_CERT, FLOE_TLS_KEY and FLOE_TLS_CA: all of them, or undefined. */
  readonly tls: TlsPaths | undefined;
  readonly natsAccess: NatsPaths;
  /** FLOE_GATEWAY_TLS_CERT and FLOE_GATEWAY_TLS_KEY: both of them, or undefined. */
  readonly gatewayTls: Pick<TlsPaths, 'certFile' | 'keyFile'> | undefined;
};

export type TlsPaths = {
  readonly certFile: string;
  readonly keyFile: string;
  readonly caFile: string;
};

/** How NATS is shown who this is, and how it is known. */
export type NatsPaths = Partial<TlsPaths> & { readonly credentialsFile?: string | undefined };

/**
 * Reads the variables. Throws one CONFIGURATION_INVALID with a violation for each wrong value and each `FLOE_*` name
 * that is not one.
 */
export function readEnvironment(env: EnvironmentSource): FloeEnvironment {
  const violations = findUnknownNames(env);
  const values: Record<string, unknown> = {};
  for (const [field, variable] of Object.entries<Variable>(VARIABLES)) {
    const result = variable.schema.safeParse(env[variable.name] || variable.default);
    if (result.success) values[field] = result.data;
    else violations.push(describeWrong(variable, env, result.error));
  }
  violations.push(...findHalfIdentity(env), ...findHalfGateway(env));
  if (violations.length > 0) throw invalid(violations);
  // Every field of VARIABLES was parsed with its own schema above.
  return deriveDefaults(values as Parsed);
}

function deriveDefaults(parsed: Parsed): FloeEnvironment {
  return {
    ...parsed,
    reportingDatabaseUrl: parsed.reportingDatabaseUrl ?? parsed.databaseUrl,
    metadataAddress: parsed.metadataAddress ?? parsed.metadataListen,
    schedulerAddresses: parsed.schedulerAddresses ?? [parsed.schedulerListen],
    reportingAddress: parsed.reportingAddress ?? parsed.reportingListen,
    gatewayUrl:
      parsed.gatewayUrl ??
      `${parsed.gatewayTlsCert === undefined ? 'http' : 'https'}://${parsed.gatewayListen}`,
    executorId: parsed.executorId ?? newExecutorId(),
    executorLabels: parsed.executorLabels ?? [],
    datasetDir: parsed.datasetDir ?? join(parsed.stateDir, 'datasets'),
    ...deriveSecurity(parsed),
  };
}

function deriveSecurity(
  parsed: Parsed,
): Pick<FloeEnvironment, 'tls' | 'natsAccess' | 'gatewayTls'> {
  const { tlsCert, tlsKey, tlsCa, natsCredentials, natsCa } = parsed;
  const isWhole = tlsCert !== undefined && tlsKey !== undefined && tlsCa !== undefined;
  const tls = isWhole ? { certFile: tlsCert, keyFile: tlsKey, caFile: tlsCa } : undefined;
  const caFile = natsCa ?? tls?.caFile;
  const { gatewayTlsCert: certFile, gatewayTlsKey: keyFile } = parsed;
  return {
    tls,
    gatewayTls: certFile !== undefined && keyFile !== undefined ? { certFile, keyFile } : undefined,
    natsAccess: {
      ...tls,
      ...(caFile !== undefined && { caFile }),
      ...(natsCredentials !== undefined && { credentialsFile: natsCredentials }),
    },
  };
}

/** One of the three without the others would leave a service open that was meant to be closed. */
function findHalfIdentity(env: EnvironmentSource): Violation[] {
  const names = [VARIABLES.tlsCert, VARIABLES.tlsKey, VARIABLES.tlsCa].map(({ name }) => name);
  const missing = names.filter((name) => !env[name]);
  if (missing.length === names.length) return [];
  return missing.map((field) => ({
    field,
    message: `is not set, but ${names.filter((name) => env[name]).join(' and ')}`,
    hint: 'set all three, or none',
  }));
}

/** A gateway that was meant to speak HTTPS must not speak HTTP for want of a setting. */
function findHalfGateway(env: EnvironmentSource): Violation[] {
  const { gatewayTlsCert, gatewayTlsKey, gatewayHttpListen } = VARIABLES;
  const pair = [gatewayTlsCert.name, gatewayTlsKey.name];
  const wanted = [...pair, gatewayHttpListen.name].filter((name) => env[name]);
  if (wanted.length === 0) return [];
  return pair
    .filter((name) => !env[name])
    .map((field) => ({
      field,
      message: `is not set, but ${wanted.join(' and ')}`,
      hint: `set ${pair.join(' and ')}, or neither`,
    }));
}

function newExecutorId(): string {
  // The name of the host, made fit for a name of Floe and short enough for the rest.
  const host = hostname()
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 32);
  return `${host || 'host'}-${process.pid}-${randomBytes(4).toString('hex')}`;
}

function findUnknownNames(env: EnvironmentSource): Violation[] {
  const known = Object.values<Variable>(VARIABLES).map((variable) => variable.name);
  const knownNames = new Set<string>(known);
  return Object.keys(env)
    .filter((name) => name.startsWith('FLOE_') && !knownNames.has(name))
    .map((name) => {
      const nearest = nearestName(name, known);
      const hint = nearest === undefined ? 'unset it' : `did you mean ${nearest}?`;
      return { field: name, message: 'is no variable of Floe', hint };
    });
}

function describeWrong(variable: Variable, env: EnvironmentSource, error: z.ZodError): Violation {
  const shown = variable.isSecret ? 'has a wrong value' : `is '${env[variable.name] ?? ''}'`;
  const wanted = error.issues[0]?.message ?? 'wanted another value';
  return { field: variable.name, message: `${shown}: ${wanted}`, hint: variable.means };
}

function invalid(violations: readonly Violation[]): FloeError {
  const listed = violations
    .map((violation) => `${violation.field} ${violation.message}`)
    .join('; ');
  return new FloeError('CONFIGURATION_INVALID', `the environment is wrong: ${listed}`, {
    violations,
    hint: 'Correct or unset these variables.',
  });
}

/** The variables as a Markdown table, for the documentation. */
export function environmentTable(): string {
  const rows = Object.values<Variable>(VARIABLES).map((variable) => {
    const fallback =
      variable.default === undefined ? variable.defaultMeans : `\`${variable.default}\``;
    return `| \`${variable.name}\` | ${variable.means} | ${fallback ?? ''} | ${variable.usedBy} |`;
  });
  return ['| variable | means | default | read by |', '|---|---|---|---|', ...rows, ''].join('\n');
}
