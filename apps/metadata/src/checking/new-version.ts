import { createHash } from 'node:crypto';
import { canonicalJson } from '@floe/workflow';
import type { CheckedDocument } from './check-document.ts';
import { findLineage } from './find-lineage.ts';
import { withShares } from './partitions.ts';
import { withPushDown } from './push-down.ts';
import type { NewVersion } from '../store/workflows.ts';

/** A document that was found good, ready to be stored. */
export function newVersion(source: string, checked: CheckedDocument): NewVersion {
  const { workflow, schemas } = checked;
  return {
    name: workflow.name,
    description: workflow.description,
    taskCount: workflow.tasks.length,
    source,
    document: JSON.stringify(withShares(withPushDown(checked), checked)),
    schedules: workflow.schedules ?? [],
    notify: workflow.notify ?? [],
    digest: createHash('sha256').update(canonicalJson(workflow)).digest('hex'),
    taskSchemas: JSON.stringify(schemas),
    lineage: findLineage(checked),
  };
}
