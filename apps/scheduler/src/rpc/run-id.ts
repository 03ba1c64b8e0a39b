import { FloeError, isUuid } from '@floe/errors';

export function requireRunId(text: string): string {
  if (isUuid(text)) return text.toLowerCase();
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
