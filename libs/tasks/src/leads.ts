import { leadFileExtract } from './file_extract/lead.ts';
import { leadPostgresExtract } from './postgres_extract/lead.ts';
import type { LeadRunner } from './runner.ts';

export type { LeadContext, LeadRunner } from './runner.ts';

/**
 * What holds what the partitions of a task share, by task type. It waits more than it works, so that it runs in the
 * executor's own process; it brings the driver along, and no Polars.
 */
export const LEADS: Readonly<Record<string, LeadRunner>> = {
  file_extract: leadFileExtract,
  postgres_extract: leadPostgresExtract,
};
