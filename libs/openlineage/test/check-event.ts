import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { RUN_EVENT } from './specification.ts';

const ajv = new Ajv2020({ allErrors: true });
// The package is CommonJS: its function is a member of what is imported.
formats.default(ajv);
const isRunEvent = ajv.compile(RUN_EVENT);

/** What is wrong with an event by the specification, facets included; empty when nothing is. For tests, here and elsewhere. */
export function checkEvent(event: unknown): readonly string[] {
  isRunEvent(event);
  return (isRunEvent.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
