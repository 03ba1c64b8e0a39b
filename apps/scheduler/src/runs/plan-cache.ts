import { FloeError } from '@floe/errors';
import { CACHED_PLANS_MAX } from '../limits.ts';
import type { ControlDatabase } from '@floe/database';
import { findVersion } from '../store/find-version.ts';
import { toRunPlan } from './run-plan.ts';
import type { RunPlan } from './run-record.ts';

/** Plans of versions, read once: a version never changes. */
export class PlanCache {
  readonly #db: ControlDatabase['db'];
  readonly #plans = new Map<string, RunPlan>();

  constructor(db: ControlDatabase['db']) {
    this.#db = db;
  }

  async get(workflowName: string, version: number): Promise<RunPlan> {
    const key = `${workflowName}@${version}`;
    const known = this.#plans.get(key);
    if (known !== undefined) return known;
    const document = await findVersion(this.#db, workflowName, version);
    if (document === undefined) {
      throw new FloeError(
        'VERSION_NOT_FOUND',
        `workflow ${workflowName} has no version ${version}`,
      );
    }
    const plan = toRunPlan(document);
    this.#plans.set(key, plan);
    if (this.#plans.size > CACHED_PLANS_MAX) {
      const oldest = this.#plans.keys().next();
      if (!oldest.done) this.#plans.delete(oldest.value);
    }
    return plan;
  }
}
