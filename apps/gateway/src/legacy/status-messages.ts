import type { Failure, RunEvent } from '@floe/rpc/contracts';
import type { LegacyNodeRun } from '@floe/rpc/internal-contracts';
import { wordOfNode, wordOfRun, wordOfTask, type StatusWord } from './status-words.ts';

export type NodeMessage = {
  readonly workflowRunId: string;
  readonly nodeId: string;
  readonly status: string;
  readonly message: string;
  readonly timestamp: string;
};

export type RunMessage = {
  readonly workflowRunId: string;
  readonly workflowStatus: string;
  readonly message: string;
  readonly timestamp: string;
};

export type StatusMessage = NodeMessage | RunMessage;

type Node = Pick<LegacyNodeRun, 'nodeId' | 'nodeName' | 'taskIds'>;

/** Makes of the events of one run what its nodes and the run itself have become, each change once. */
export class StatusMessages {
  readonly #workflowRunId: string;
  readonly #nodes: readonly Node[];
  readonly #tasks = new Map<string, StatusWord>();
  readonly #told = new Map<string, StatusWord>();
  #toldRun: StatusWord | undefined;

  constructor(workflowRunId: string, nodes: readonly Node[]) {
    this.#workflowRunId = workflowRunId;
    this.#nodes = nodes;
  }

  /** What a caller has to hear because of the event. */
  take({ time, run, taskRun }: RunEvent): StatusMessage[] {
    const timestamp = (time ?? new Date(0)).toISOString();
    const messages: StatusMessage[] = [];
    if (taskRun !== undefined) {
      this.#tasks.set(taskRun.taskId, wordOfTask(taskRun.state));
      for (const node of this.#nodes) {
        if (!node.taskIds.includes(taskRun.taskId)) continue;
        messages.push(...this.#changeOf(node, taskRun.failure, timestamp));
      }
    }
    const word = run === undefined ? undefined : wordOfRun(run.state);
    if (word !== undefined && word !== this.#toldRun) {
      this.#toldRun = word;
      messages.push({
        workflowRunId: this.#workflowRunId,
        workflowStatus: word,
        message: run?.failure?.message ?? `Workflow run ${word}`,
        timestamp,
      });
    }
    return messages;
  }

  #changeOf(node: Node, failure: Failure | undefined, timestamp: string): NodeMessage[] {
    const words = node.taskIds.map((taskId) => this.#tasks.get(taskId) ?? 'Started');
    const status = wordOfNode(words);
    if (this.#told.get(node.nodeId) === status) return [];
    this.#told.set(node.nodeId, status);
    const message = failure?.message ?? `Node ${node.nodeName || node.nodeId} ${status}`;
    const { nodeId } = node;
    return [{ workflowRunId: this.#workflowRunId, nodeId, status, message, timestamp }];
  }
}
