/** What one check found. A `warning` lets Floe work, but not as well as it could. */
export type Finding = {
  readonly check: string;
  readonly result: 'ok' | 'warning' | 'failed';
  readonly found: string;
  /** What to do about it; empty when there is nothing to do. */
  readonly mend: string;
};

export function ok(check: string, found: string): Finding {
  return { check, result: 'ok', found, mend: '' };
}

export function warning(check: string, found: string, mend: string): Finding {
  return { check, result: 'warning', found, mend };
}

export function failed(check: string, found: string, mend: string): Finding {
  return { check, result: 'failed', found, mend };
}
