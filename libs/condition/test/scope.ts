import type { ConditionScope } from '../src/index.ts';

export const SCOPE: ConditionScope = {
  parameters: new Map([
    ['mode', 'string'],
    ['limit', 'integer'],
    ['ratio', 'float'],
    ['dry', 'boolean'],
    ['since', 'date'],
    ['at', 'datetime'],
    ['left_out', 'string'],
  ]),
  tasks: new Set(['flights', 'check']),
};
