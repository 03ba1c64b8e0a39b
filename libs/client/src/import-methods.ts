import { answer } from './answers.ts';
import type { Transport } from './http-transport.ts';
import type { ImportClient } from './import-types.ts';

export function importMethods(transport: Transport): ImportClient {
  return {
    importWorkflows: (body) => answer(transport, 'POST', '/api/v1/imports/workflows', { body }),
    importRuns: (body) => answer(transport, 'POST', '/api/v1/imports/runs', { body }),
  };
}
