import { FloeError } from '@floe/errors';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function requireRunId(text: string): string {
  if (UUID.test(text)) return text.toLowerCase();
  throw new FloeError(
    'ARGUMENT_INVALID',
    `run_id ${JSON.stringify(text.slice(0, 80))} is not a run id`,
    {
      violations: [
        { field: 'run_id', message: 'must be a UUID', hint: 'List runs with: floe runs list' },
      ],
    },
  );
}
