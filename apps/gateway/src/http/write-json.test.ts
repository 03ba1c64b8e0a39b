import { Artifact, Run } from '@floe/rpc/contracts';
import { expect, test } from 'vitest';
import { writeJson } from './write-json.ts';

test('writes plain fields and lists that have their defaults', () => {
  expect(JSON.parse(writeJson(Run.create({ runId: 'x' })))).toEqual({
    runId: 'x',
    workflowName: '',
    workflowVersion: 0,
    state: 'RUN_STATE_UNSPECIFIED',
    trigger: 'TRIGGER_KIND_UNSPECIFIED',
    rowsLoaded: '0',
    traceId: '',
    traceUrl: '',
    sequence: '0',
    generation: 0,
    retryOfRunId: '',
    parentRunId: '',
    annotations: {},
    groupId: '',
  });
});

test('what it writes reads back as the same message', () => {
  const run = Run.create({
    runId: 'x',
    rowsLoaded: 2n ** 60n,
    createTime: new Date('2026-01-31T06:00:00.123Z'),
    parameters: { list: [1, 'two', null, { three: true }] },
    taskCounts: { total: 3 },
  });
  expect(Run.fromJSON(JSON.parse(writeJson(run)))).toEqual(run);
});

test('writes bytes as base64, whatever kind of array holds them', () => {
  const answer = {
    artifact: Artifact.create(),
    buffer: Buffer.from('ab'),
    array: new Uint8Array([97]),
  };
  expect(JSON.parse(writeJson(answer))).toMatchObject({ buffer: 'YWI=', array: 'YQ==' });
});
