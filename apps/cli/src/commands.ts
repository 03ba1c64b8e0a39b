/**
 * The commands of floe, in the order of its help. Only the one that was asked for is loaded: `floe --help` needs no more
 * than these lines.
 */
import type { Command } from 'commander';
import type { CommandContext } from './context.ts';

type AddCommand = (program: Command, context: CommandContext) => void;

export type CommandEntry = {
  readonly name: string;
  /** What follows the name, as the help shows it. */
  readonly usage?: string;
  /** Said in the list of commands, and by the command itself. */
  readonly summary: string;
  /** Loads the module of the command. */
  readonly load: () => Promise<AddCommand>;
};

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'demo',
    summary: 'see it work: three million real flights through the whole system',
    load: async () => (await import('./commands/demo.ts')).addDemoCommand,
  },
  {
    name: 'up',
    summary: 'run everything on this machine until Ctrl-C: services, executors, PostgreSQL, NATS',
    load: async () => (await import('./commands/up.ts')).addUpCommand,
  },
  {
    name: 'init',
    usage: '[source]',
    summary: 'write a first workflow from a look at a database',
    load: async () => (await import('./commands/init.ts')).addInitCommand,
  },
  {
    name: 'apply',
    usage: '[file]',
    summary: 'store a workflow document as the newest version of its workflow',
    load: async () => (await import('./commands/apply.ts')).addApplyCommand,
  },
  {
    name: 'validate',
    usage: '[files...]',
    summary: 'check a workflow document and store nothing; works without a server, too',
    load: async () => (await import('./commands/validate.ts')).addValidateCommand,
  },
  {
    name: 'explain',
    usage: '<file>',
    summary: 'show how a document would be run: order, SQL and Polars plans; runs nothing',
    load: async () => (await import('./commands/explain.ts')).addExplainCommand,
  },
  {
    name: 'diff',
    usage: '<before> [after]',
    summary: 'show what differs between two versions of a workflow, or a file and what is applied',
    load: async () => (await import('./commands/diff.ts')).addDiffCommand,
  },
  {
    name: 'run',
    usage: '<workflow>',
    summary: 'start a run and follow it until it has ended',
    load: async () => (await import('./commands/run.ts')).addRunCommand,
  },
  {
    name: 'replay',
    usage: '<run> <task>',
    summary: 'run a past task on its kept inputs with a new text, and show what differs',
    load: async () => (await import('./commands/replay.ts')).addReplayCommand,
  },
  {
    name: 'overview',
    summary: 'show what needs somebody: what fails, is late, hangs or finds no executor',
    load: async () => (await import('./commands/overview.ts')).addOverviewCommand,
  },
  {
    name: 'runs',
    summary: 'see and steer runs',
    load: async () => (await import('./commands/runs.ts')).addRunsCommand,
  },
  {
    name: 'workflows',
    summary: 'see the stored workflows and their versions',
    load: async () => (await import('./commands/workflows.ts')).addWorkflowsCommand,
  },
  {
    name: 'schedules',
    summary: 'see when workflows run by themselves, and pause them',
    load: async () => (await import('./commands/schedules.ts')).addSchedulesCommand,
  },
  {
    name: 'backfill',
    summary: 'run the slots of a schedule within a range of time',
    load: async () => (await import('./commands/backfill.ts')).addBackfillCommand,
  },
  {
    name: 'lineage',
    usage: '<table[.column]>',
    summary: 'show where a table or column comes from, and who uses it',
    load: async () => (await import('./commands/lineage.ts')).addLineageCommand,
  },
  {
    name: 'freshness',
    summary: 'list when tables and files were last loaded, and whether that is as scheduled',
    load: async () => (await import('./commands/freshness.ts')).addFreshnessCommand,
  },
  {
    name: 'metrics',
    usage: '<run>',
    summary: 'list the numbers that the tasks of a run measured',
    load: async () => (await import('./commands/metrics.ts')).addMetricsCommand,
  },
  {
    name: 'events',
    summary: 'listen to what happens, as subscribers of NATS are told',
    load: async () => (await import('./commands/events.ts')).addEventsCommand,
  },
  {
    name: 'connections',
    summary: 'name the databases and HTTP APIs that workflows use',
    load: async () => (await import('./commands/connections.ts')).addConnectionsCommand,
  },
  {
    name: 'executors',
    summary: 'see the executors and their slots, and drain them',
    load: async () => (await import('./commands/executors.ts')).addExecutorsCommand,
  },
  {
    name: 'tokens',
    summary: 'make, see and revoke the tokens that callers of this Floe need',
    load: async () => (await import('./commands/tokens.ts')).addTokensCommand,
  },
  {
    name: 'audit',
    summary: 'see who changed what, when, from where and with what result',
    load: async () => (await import('./commands/audit.ts')).addAuditCommand,
  },
  {
    name: 'import',
    summary: 'bring workflows and past runs over from another system',
    load: async () => (await import('./commands/import.ts')).addImportCommand,
  },
  {
    name: 'db',
    summary: 'prepare a control database of your own',
    load: async () => (await import('./commands/db.ts')).addDbCommand,
  },
  {
    name: 'doctor',
    summary: 'check this machine and the running Floe, and say how to mend what is wrong',
    load: async () => (await import('./commands/doctor.ts')).addDoctorCommand,
  },
  {
    name: 'completion',
    usage: '<shell>',
    summary: 'print what makes a shell complete the words of floe',
    load: async () => (await import('./commands/completion.ts')).addCompletionCommand,
  },
  {
    name: 'version',
    summary: 'print the versions of floe and of node',
    load: async () => (await import('./commands/version.ts')).addVersionCommand,
  },
];
