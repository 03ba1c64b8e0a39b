/**
 * Writes the files that say what the code says: the pages of settings and errors in `docs/reference`, and the JSON Schema
 * of the document. With `--check` it writes nothing and fails when a file is not what the code gives.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE } from '@floe/errors';
import {
  coveragePage,
  expressionsPage,
  languageNames,
  sqlPage,
  type ApiName,
} from '@floe/expression/reference';
import { openApiText, restPage } from '@floe/gateway/reference';
import { environmentTable } from '@floe/service';
import { TASK_TYPES } from '@floe/tasks';
import { documentSchema } from '@floe/workflow';
import { dataErrors } from './reference/data-errors.ts';
import { documentPage } from './reference/document-page.ts';
import { eventsPage } from './reference/events-page.ts';
import { metricsPage } from './reference/metrics-page.ts';
import { withPlaceholders } from './reference/notice-placeholders.ts';
import { root } from './run-step.ts';

const NOTICE = '<!-- Made by tools/make-reference.ts from the code. Do not edit. -->';

const FILES: Readonly<Record<string, () => string>> = {
  'docs/reference/cli.md': () => `${NOTICE}\n${commands()}`,
  'docs/reference/configuration.md': configuration,
  'docs/reference/document.md': () => documentPage(NOTICE),
  'docs/reference/errors.md': errors,
  'docs/reference/metrics.md': () => metricsPage(NOTICE),
  'docs/reference/events.md': () => eventsPage(NOTICE),
  'docs/reference/expressions.md': () => `${NOTICE}\n${expressionsPage()}`,
  'docs/reference/sql.md': () => `${NOTICE}\n${sqlPage()}`,
  'docs/reference/openapi.json': openApiText,
  'docs/reference/rest.md': () => restPage(NOTICE),
  'docs/reference/polars-coverage.md': () => `${NOTICE}\n${coveragePage(polarsNames())}`,
  'docs/guides/notifications.md': notifications,
  'examples/workflow.schema.json': schema,
  'apps/console/src/editor/generated/language.json': language,
};

/** The command line says itself what it has: a tool imports no app. */
function commands(): string {
  const main = join(root, 'apps/cli/src/main.ts');
  return execFileSync(process.execPath, [main, '__reference'], { encoding: 'utf8' });
}

/** The list is data of the tests that check it. */
function polarsNames(): readonly ApiName[] {
  const path = join(root, 'libs/expression/test/coverage/api.json');
  return JSON.parse(readFileSync(path, 'utf8')) as readonly ApiName[];
}

function schema(): string {
  return `${JSON.stringify(documentSchema(TASK_TYPES), undefined, 2)}\n`;
}

/** What the editor of the console offers in expressions. */
function language(): string {
  return `${JSON.stringify({ names: languageNames() }, undefined, 1)}\n`;
}

/** A page by people with one table of the code in it. */
function notifications(): string {
  return withPlaceholders(readFileSync(join(root, 'docs/guides/notifications.md'), 'utf8'));
}

function configuration(): string {
  return `${NOTICE}
# Settings

Services read their settings from the environment, once, when they start. A wrong value, or a \`FLOE_\` name that is none,
stops the start with an error for each. With none set, \`floe up\` runs everything embedded.

${environmentTable()}
Traces go where the standard variables of OpenTelemetry say: \`OTEL_EXPORTER_OTLP_ENDPOINT\`,
\`OTEL_EXPORTER_OTLP_PROTOCOL\` (\`grpc\`, \`http/protobuf\`, \`http/json\`), \`OTEL_TRACES_SAMPLER\`, \`OTEL_SDK_DISABLED\`.
`;
}

function errors(): string {
  const rows = Object.entries(CATALOGUE).map(
    ([code, { category, retry, means }]) => `| \`${code}\` | ${means} | ${category} | ${retry} |`,
  );
  return `${NOTICE}
# Errors

Every error has a code from this table: in gRPC as \`google.rpc.ErrorInfo.reason\`, in REST as \`code\` of the problem, in
events, reports and on the command line. Its category decides the gRPC status, the HTTP status and the exit code. Retry
says whether the same may succeed later without a person; tasks are only tried again for those.

| code | means | category | retry |
|---|---|---|---|
${rows.join('\n')}

## What mends a task that moves data

Every error carries a hint of its own, which knows more than this table: it names the column, the row, the file or the
grant. [Data](../guides/data.md) says how such tasks work, and [broken sources](../guides/broken-sources.md) what is said of
files and connections that break.

| code | how it comes about | what mends it |
|---|---|---|
${dataErrors(root)}
`;
}

let isGood = true;
for (const [name, make] of Object.entries(FILES)) {
  const path = join(root, name);
  const wanted = make();
  const isCurrent = existsSync(path) && readFileSync(path, 'utf8') === wanted;
  if (process.argv.includes('--check')) {
    if (!isCurrent)
      console.error(`${name} is not what the code says: run node tools/make-reference.ts`);
    isGood &&= isCurrent;
  } else if (!isCurrent) {
    writeFileSync(path, wanted);
    console.log(`wrote ${name}`);
  }
}
process.exitCode = isGood ? 0 : 1;
