import { toControlError } from '@floe/database';
import { rpcService, type RpcService } from '@floe/rpc';
import { MetadataService } from '@floe/rpc/contracts';
import {
  ArtifactService,
  ConnectionService,
  LoadService,
  RecordService,
} from '@floe/rpc/internal-contracts';
import { applyWorkflow } from './apply-workflow.ts';
import type { RpcContext } from './context.ts';
import { removeConnection } from './delete-connection.ts';
import { deleteWorkflow } from './delete-workflow.ts';
import { explainWorkflow } from './explain-workflow.ts';
import { getConnection } from './get-connection.ts';
import { getDocumentSchema } from './get-document-schema.ts';
import { getWorkflow } from './get-workflow.ts';
import { importRuns } from './import-runs.ts';
import { importWorkflows } from './import-workflows.ts';
import { listAllConnections } from './list-connections.ts';
import { listWorkflowVersions } from './list-workflow-versions.ts';
import { listAllWorkflows } from './list-workflows.ts';
import { putArtifacts } from './put-artifacts.ts';
import { recordMetrics, recordWorkflowMetadata } from './record.ts';
import { resolveConnection } from './resolve-connection.ts';
import { ruleOutLoad } from './rule-out-load.ts';
import { getSchedule } from './get-schedule.ts';
import { listAllSchedules } from './list-schedules.ts';
import { pauseSchedule, resumeSchedule } from './pause-schedule.ts';
import { previewSchedule } from './preview-schedule.ts';
import { setConnection } from './set-connection.ts';
import { testConnection } from './test-connection.ts';
import { validateWorkflow } from './validate-workflow.ts';

/** The RPCs of metadata. A method that is not named here answers UNIMPLEMENTED. */
export function metadataServices(context: RpcContext): RpcService[] {
  /** What the database refuses is told in words, whichever call it was. */
  const handler =
    <Request, Response>(answer: (context: RpcContext, request: Request) => Promise<Response>) =>
    async (request: Request): Promise<Response> => {
      try {
        return await answer(context, request);
      } catch (error) {
        throw toControlError(error);
      }
    };
  return [
    rpcService(MetadataService, {
      applyWorkflow: handler(applyWorkflow),
      validateWorkflow: handler(validateWorkflow),
      explainWorkflow: handler(explainWorkflow),
      getDocumentSchema: handler(getDocumentSchema),
      getWorkflow: handler(getWorkflow),
      listWorkflows: handler(listAllWorkflows),
      deleteWorkflow: handler(deleteWorkflow),
      listWorkflowVersions: handler(listWorkflowVersions),
      setConnection: handler(setConnection),
      getConnection: handler(getConnection),
      listConnections: handler(listAllConnections),
      deleteConnection: handler(removeConnection),
      testConnection: handler(testConnection),
      listSchedules: handler(listAllSchedules),
      getSchedule: handler(getSchedule),
      previewSchedule: handler(previewSchedule),
      pauseSchedule: handler(pauseSchedule),
      resumeSchedule: handler(resumeSchedule),
      importWorkflows: handler(importWorkflows),
      importRuns: handler(importRuns),
    }),
    rpcService(ArtifactService, { putArtifacts: handler(putArtifacts) }),
    rpcService(RecordService, {
      recordMetrics: handler(recordMetrics),
      recordWorkflowMetadata: handler(recordWorkflowMetadata),
    }),
    rpcService(ConnectionService, { resolveConnection: handler(resolveConnection) }),
    rpcService(LoadService, { ruleOutLoad: handler(ruleOutLoad) }),
  ];
}
