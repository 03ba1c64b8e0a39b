/** What programs that were written for the service that Floe replaces send and get. Names and shapes are theirs. */

export type LegacyUser = {
  readonly UserId: string;
  readonly fullName?: string;
  readonly infoId?: string;
  readonly photoURL?: string;
  /** Like `+05:30`: lists have their times on this clock. */
  readonly user_utc_offset?: string | number;
};

/** In the words of the replaced service. */
export type LegacyStatus = 'Started' | 'Running' | 'Completed' | 'Failed' | 'Stopped';

export type AddWorkflowRunPayload = {
  readonly workspace_id?: string;
  readonly folder_id: string;
  readonly job_id: string;
  readonly workflow_id: string;
  readonly workflows?: readonly unknown[];
};

export type AddWorkflowRunArguments = [
  payload: AddWorkflowRunPayload,
  user: LegacyUser,
  /** Its run belongs to the job run of `jobRunId`. */
  fromJob?: boolean,
  jobRunId?: string,
  module?: string,
];

export type AddedWorkflowRun = {
  readonly id: {
    readonly workflow_run_id: string;
    readonly job_run_id: string;
    readonly prefect_flow_run_id: string;
    readonly workflow_id: string;
    readonly workflow_name: string;
    readonly status: 'Running';
  };
};

export type KilledWorkRun = {
  readonly job_run_id: string;
  readonly status: 'Stopped';
  /** Those that went on until now. */
  readonly workflow_run_ids: readonly string[];
};

export type WorkflowRunFilters = {
  /** 20 when absent. */
  readonly rows?: number;
  readonly num_of_rows_to_skip?: number;
  /** A field of the items: `workflow_name`, `-startTimestamp`, `{runStatus: 1}`. */
  readonly sort_val?: string | Readonly<Record<string, 1 | -1>>;
  readonly search_val?: string;
  readonly run_status?: string | readonly string[];
  readonly workflow_id?: string;
  /** A date or a time; without a zone it is on the user's clock. */
  readonly start_date?: string;
  readonly end_date?: string;
};

export type WorkflowRunStatsFilters = WorkflowRunFilters & {
  readonly filter_type?: string;
  readonly filter_start_date?: string;
  readonly filter_end_date?: string;
};

export type WorkflowRunItem = {
  readonly workflow_run_id: string;
  readonly workflow_id: string;
  readonly workflow_name: string;
  readonly job_run_id: string;
  readonly job_name: string;
  readonly runStatus: LegacyStatus;
  readonly startTimestamp: string | null;
  readonly end_timestamp: string | null;
  readonly runBy: { readonly id: string; readonly name: string; readonly photoURL: string };
  readonly prefect_flow_run_id: string;
  readonly workspace_name: string;
  readonly folder_name: string;
  readonly total_nodes: number;
  readonly completed_nodes: number;
  readonly failed_nodes: number;
  readonly running_nodes: number;
  readonly recordsProcessed: number;
};

export type WorkflowRunPage = {
  readonly Items: readonly { readonly _id: WorkflowRunItem; readonly sortField: unknown }[];
  readonly total_records: {
    readonly active: number;
    readonly inactive: number;
    readonly totalDocs: number;
  };
};

export type WorkflowRunStatsRow = {
  readonly workspace_id: string;
  readonly workspace_name: string;
  readonly folder_id: string;
  readonly folder_name: string;
  readonly job_id: string;
  readonly job_name: string;
  readonly workflow_id: string;
  readonly workflow_name: string;
  readonly job_run_id: string;
  readonly workflow_run_id: string;
  readonly run_status: LegacyStatus;
  readonly run_by_id: string;
  readonly run_by: string;
  readonly user_photourl: string;
  readonly start_timestamp: string | null;
  readonly end_timestamp: string | null;
  readonly runtime_seconds: number | null;
  readonly prefect_flow_run_id: string;
  readonly total_nodes: number;
  readonly completed_nodes: number;
  readonly failed_nodes: number;
  readonly running_nodes: number;
  readonly recordsProcessed: number;
};

export type Breadcrumb = readonly [
  { readonly workspace_name: string; readonly workspace_id: string },
  { readonly folder_name: string; readonly folder_id: string },
  { readonly workflow_name: string; readonly workflow_id: string },
];

export type WorkflowRunStats = {
  readonly Items: readonly WorkflowRunStatsRow[];
  readonly total_records: number;
  /** One for each item, in their order. */
  readonly breadcrumbs: readonly Breadcrumb[];
};

export type WorkflowRunLogLine = {
  readonly timestamp: string;
  readonly message: string;
  readonly msgType: 'Success' | 'Failed';
};

export type WorkflowRunReport = {
  readonly overview_card: {
    readonly workspace_id: string;
    readonly workspace_name: string;
    readonly folder_id: string;
    readonly folder_name: string;
    readonly job_id: string;
    readonly job_name: string;
    readonly workflow_id: string;
    readonly workflow_name: string;
    readonly created_at: string | null;
    readonly created_by: string;
    readonly last_run_id: string | null;
    readonly last_run_at: string | null;
    readonly last_run_status: LegacyStatus | null;
    readonly prefect_flow_run_id: string | null;
  };
  /** Nodes of the workflow; the other numbers are of its historical runs. */
  readonly performance_metrics: {
    readonly total_nodes: number;
    readonly completed_tasks: number;
    readonly running_tasks: number;
    readonly failed_tasks: number;
    readonly total_rows_processed: number;
    /** Seconds. */
    readonly avg_execution_time: number;
    /** MiB. */
    readonly total_memory_used: number;
  };
  readonly execution_metrics: readonly {
    readonly metric_name: string;
    readonly metric_value: number;
    readonly metric_unit: string;
    readonly metric_type: string;
    readonly recorded_at: string | null;
  }[];
  readonly historical_runs: readonly {
    readonly workflow_run_id: string;
    readonly run_status: LegacyStatus;
    readonly start_timestamp: string | null;
    readonly end_timestamp: string | null;
    readonly run_by: string;
    readonly prefect_flow_run_id: string;
    readonly runtime_seconds: number | null;
  }[];
};

export type NodeStatusMessage = {
  readonly workflowRunId: string;
  readonly nodeId: string;
  readonly status: LegacyStatus;
  readonly message: string;
  readonly timestamp: string;
};

export type RunStatusMessage = {
  readonly workflowRunId: string;
  readonly workflowStatus: LegacyStatus;
  readonly message: string;
  readonly timestamp: string;
};
