import type { ControlDatabase } from '@floe/database';
import { FloeError } from '@floe/errors';
import { toRunPlan, type PlanOf, type RunPlan } from '@floe/scheduling';
import { FUSION_RULES, TASK_TYPES } from '@floe/tasks';
import { CACHED_PLANS_MAX } from '../limits.ts';
import { findVersion } from '../store/find-version.ts';

const UNKNOWN_TYPE = { lane: 'slot' } as const;

/** Plans of versions, read once: a version never changes. */
export class PlanCache {
  readonly #db: ControlDatabase['db'];
  readonly #plans = new Map<string, RunPlan>();

  constructor(db: ControlDatabase['db']) {
    this.#db = db;
  }

  readonly get: PlanOf = async (workflowName, version) => {
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
    // A type that this version does not know (another one applied it) is left to a worker, which says so.
    const typeOf = (type: string) => TASK_TYPES.get(type) ?? UNKNOWN_TYPE;
    const plan = toRunPlan(document, typeOf, FUSION_RULES);
    this.#plans.set(key, plan);
    if (this.#plans.size > CACHED_PLANS_MAX) {
      const oldest = this.#plans.keys().next();
      if (!oldest.done) this.#plans.delete(oldest.value);
    }
    return plan;
  };
}
