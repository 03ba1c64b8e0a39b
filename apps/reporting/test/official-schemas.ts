/**
 * The JSON Schemas that OpenLineage publishes. Their text is not part of this repository: they come from the folder that
 * OPENLINEAGE_SPEC names, which holds what lies below https://openlineage.io/spec, or from there.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

const PUBLISHED = 'https://openlineage.io/spec/';
// Where there is no such host this is known at once.
const FETCH_WITHIN_MS = 5_000;

/** What is wrong with a value by the schema of an address; empty when nothing is. */
export type OfficialCheck = (schemaUrl: string, value: unknown) => Promise<readonly string[]>;

export function openOfficialSchemas(): OfficialCheck {
  // They have members for people that JSON Schema does not know.
  const ajv = new Ajv2020({ allErrors: true, strict: false, loadSchema });
  // The package is CommonJS: its function is a member of what is imported.
  formats.default(ajv);
  return async (schemaUrl, value) => {
    const validate = ajv.getSchema(schemaUrl) ?? (await ajv.compileAsync({ $ref: schemaUrl }));
    await validate(value);
    return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  };
}

/** Why no official schema can be had; undefined when they can. */
export async function whyNoSchemas(): Promise<string | undefined> {
  try {
    await loadSchema(`${PUBLISHED}2-0-2/OpenLineage.json`);
    return undefined;
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return `the official schemas cannot be had here (${why}); name their folder in OPENLINEAGE_SPEC`;
  }
}

async function loadSchema(url: string): Promise<AnySchemaObject> {
  const folder = process.env['OPENLINEAGE_SPEC'];
  if (folder !== undefined) {
    return JSON.parse(await readFile(join(folder, url.replace(PUBLISHED, '')), 'utf8')) as never;
  }
  const answer = await fetch(url, { signal: AbortSignal.timeout(FETCH_WITHIN_MS) });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}`);
  return (await answer.json()) as AnySchemaObject;
}
