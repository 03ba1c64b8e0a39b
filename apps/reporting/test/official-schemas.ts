/**
 * The JSON Schemas that OpenLineage publishes, where somebody has them: their text is not part of this repository (ADR 31). They
 * come from the folder that OPENLINEAGE_SPEC names, which holds what lies below https://openlineage.io/spec.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

const PUBLISHED = 'https://openlineage.io/spec/';

/** What is wrong with a value by the schema of an address; empty when nothing is, or without the folder. */
export type OfficialCheck = (schemaUrl: string, value: unknown) => Promise<readonly string[]>;

export function openOfficialSchemas(
  folder: string | undefined = process.env['OPENLINEAGE_SPEC'],
): OfficialCheck {
  if (folder === undefined) return async () => [];
  const loadSchema = async (url: string) =>
    JSON.parse(await readFile(join(folder, url.replace(PUBLISHED, '')), 'utf8')) as AnySchemaObject;
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
