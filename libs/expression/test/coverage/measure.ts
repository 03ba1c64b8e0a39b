/** Adds to api.json whether the bundled Polars runs each expression. Run it after list_api.py. */
import { writeFileSync } from 'node:fs';
import { readApi, runsSerialised, sampleFrame } from './run-serialised.ts';

const frame = sampleFrame();
const entries = readApi().map(({ name, text, json }) => ({
  name,
  text,
  json,
  runs: json !== null && runsSerialised(frame, json),
}));
const lines = entries.map((entry) => JSON.stringify(entry));
writeFileSync(new URL('api.json', import.meta.url), `[\n${lines.join(',\n')}\n]\n`);
