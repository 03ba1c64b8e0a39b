/** What programs that were written for the service that Floe replaces send and get. Names and shapes are theirs. */

/** Who started a run of the old service. */
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

/** A run of the old service to be started, in its words. */
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

/** What the old service answers of a run that it has taken. */
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

/** What the old service answers of a run that was stopped. */
export type KilledWorkRun = {
  readonly job_run_id: string;
  readonly status: 'Stopped';
  /** Those that went on until now. */
  readonly workflow_run_ids: readonly string[];
};

/** Which runs of the old service are asked for. */
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

/** Which runs the statistics are about. */
export type WorkflowRunStatsFilters = WorkflowRunFilters & {
  readonly filter_type?: string;
  readonly filter_start_date?: string;
  readonly filter_end_date?: string;
};

/** A run in a list of the old service. */
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

/** A page of runs of the old service. */
export type WorkflowRunPage = {
  readonly Items: readonly { readonly _id: WorkflowRunItem; readonly sortField: unknown }[];
  readonly total_records: {
    readonly active: number;
    readonly inactive: number;
    readonly totalDocs: number;
  };
};

/** A run in the statistics of the old service. */
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

/** Workspace, folder and workflow, as pages of the old service show where one is. */
export type Breadcrumb = readonly [
  { readonly workspace_name: string; readonly workspace_id: string },
  { readonly folder_name: string; readonly folder_id: string },
  { readonly workflow_name: string; readonly workflow_id: string },
];

/** Statistics of runs, as the old service gave them. */
export type WorkflowRunStats = {
  readonly Items: readonly WorkflowRunStatsRow[];
  readonly total_records: number;
  /** One for each item, in their order. */
  readonly breadcrumbs: readonly Breadcrumb[];
};

/** A line of a log, as the old service gave it. */
export type WorkflowRunLogLine = {
  readonly timestamp: string;
  readonly message: string;
  readonly msgType: 'Success' | 'Failed';
};

/** The report of a run, as the old service gave it. */
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

/** A change of a task, as callers of the old service hear it. */
export type NodeStatusMessage = {
  readonly workflowRunId: string;
  readonly nodeId: string;
  readonly status: LegacyStatus;
  readonly message: string;
  readonly timestamp: string;
};

/** A change of a run, as callers of the old service hear it. */
export type RunStatusMessage = {
  readonly workflowRunId: string;
  readonly workflowStatus: LegacyStatus;
  readonly message: string;
  readonly timestamp: string;
};
