/** The REST API as documents: the OpenAPI of this version, and a page for people. */
import manifest from '../package.json' with { type: 'json' };
import { levelOfScope } from './access/level.ts';
import { buildOpenApi } from './openapi/document.ts';
import { tagOf } from './openapi/operation.ts';
import { ROUTES } from './routes/index.ts';
import type { Field, FieldType, Route } from './routes/route.ts';

export function openApiText(): string {
  return `${JSON.stringify(buildOpenApi(manifest.version), undefined, 2)}\n`;
}

export function restPage(notice: string): string {
  const tags = [...new Set(ROUTES.map(tagOf))];
  const parts = tags.map((tag) =>
    section(
      tag,
      ROUTES.filter((route) => tagOf(route) === tag),
    ),
  );
  return `${notice}
# REST

Everything that gRPC says, over HTTP: the same messages as proto JSON (64-bit integers are text, instants RFC 3339). A test
fails when a method has no route, or a field of its request no place in it. The same as OpenAPI 3.1, with the schemas of
all answers: [openapi.json](openapi.json), served at \`/api/openapi.json\`.

| what | how |
|---|---|
| who asks | \`Authorization: Bearer floe_…\`; see [the guide to security](../guides/security.md). \`none\` below needs no token |
| errors | \`application/problem+json\` (RFC 9457) with \`code\` of [errors](errors.md), \`hint\`, \`details\`, \`violations\` |
| unknown fields | refused, not ignored, with the one that was meant |
| pages | \`page_size\`, \`page_token\`; the header \`Link\` leads to the next page |
| reading again | \`ETag\` and \`If-None-Match\`: 304 when nothing is new |
| changing what one has seen | \`If-Match\` with the ETag of the workflow: 412 when it has another version |
| asking again | \`Idempotency-Key\` on what starts something: the first is answered again |
| streams | server-sent events; \`Last-Event-ID\` or \`after_sequence\` resumes without a gap |
| packing | \`Accept-Encoding: br, gzip\` |
| too much | 413 for bodies above 1 MiB, 431 for headers above 16 KiB, 429 with \`Retry-After\` for more than 10,000 requests of one caller in 10 s |
| other methods | \`HEAD\` and \`OPTIONS\` everywhere but on streams; else 405 with \`Allow\` |

${parts.join('\n')}`;
}

function section(tag: string, routes: readonly Route[]): string {
  const title = `${tag.charAt(0).toUpperCase()}${tag.slice(1)}`;
  return `## ${title}\n\n${routes.map(describeRoute).join('\n')}`;
}

function describeRoute(route: Route): string {
  const level = levelOfScope(route.scope);
  const scope = level === 'public' ? 'none' : level;
  const rows = route.fields.map(
    (field) =>
      `| \`${field.name}\` | ${placeOf(field)} | ${typeOf(field.type)} | ${cell(field.means)} |`,
  );
  const table = ['| field | in | type | means |', '|---|---|---|---|', ...rows, ''].join('\n');
  return `### ${route.method} ${route.path}

${route.summary} \`${route.name}\`, scope ${scope}.

${rows.length === 0 ? '' : `${table}\n`}`;
}

function placeOf(field: Field): string {
  return field.isRequired && field.in !== 'path' ? `${field.in}, required` : field.in;
}

function typeOf(type: FieldType): string {
  if (typeof type === 'string') return type;
  const words = type.values.map((name) => name.slice(type.prefix.length).toLowerCase());
  return `${type.kind === 'enum' ? 'one of' : 'any of'} ${words.join(', ')}`;
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}
