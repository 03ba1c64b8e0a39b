import { memo } from 'react';
import { Handle, Position } from '@xyflow/react';
import type { Node, NodeProps } from '@xyflow/react';
import type { TaskRun } from '@floe/client';
import { Elapsed } from '../components/instant.tsx';
import { Icon } from '../components/icon.tsx';
import { formatBytes, formatCompact, formatRows } from '../format/quantity.ts';
import { markOf } from '../state/state-mark.ts';

export type TaskNodeData = {
  readonly task: TaskRun;
  readonly isSelected: boolean;
  readonly isCritical: boolean;
  readonly onSelect: (taskId: string) => void;
};

export type TaskNodeType = Node<TaskNodeData, 'task'>;

/** A task in the graph. Drawn again only when it changed itself. */
export const TaskNode = memo(TaskCard, (before, after) => {
  const [old, now] = [before.data, after.data];
  return (
    old.task === now.task &&
    old.isSelected === now.isSelected &&
    old.isCritical === now.isCritical &&
    old.onSelect === now.onSelect
  );
});

function TaskCard({ data }: NodeProps<TaskNodeType>) {
  const { task, isSelected, isCritical, onSelect } = data;
  const { word, icon, tone } = markOf(task.state);
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <button
        type="button"
        className="node nodrag nopan"
        data-tone={tone}
        data-critical={isCritical}
        aria-pressed={isSelected}
        aria-label={`${task.taskId}, ${word}, ${formatRows(task.rows)}`}
        title={isCritical ? `${task.taskId} (on the critical path)` : task.taskId}
        onClick={() => onSelect(isSelected ? '' : task.taskId)}
      >
        <span className="node-name">
          <strong>{task.taskId}</strong>
          <span className="node-type">{task.type}</span>
        </span>
        <span className="node-state" data-tone={tone}>
          <Icon name={icon} />
          {word}
          {task.attemptCount > 1 && (
            <span className="node-attempt">attempt {task.attemptCount}</span>
          )}
          {task.cachedFromRunId !== '' && (
            <span className="node-attempt" title={`Made by run ${task.cachedFromRunId}`}>
              from the cache
            </span>
          )}
          {task.recomputeCount > 0 && (
            <span className="node-attempt" title="Its dataset had gone missing.">
              done again
            </span>
          )}
        </span>
        <NodeNumbers task={task} />
      </button>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </>
  );
}

function NodeNumbers({ task }: { readonly task: TaskRun }) {
  const hasRows = task.rows !== '0';
  return (
    <span className="node-numbers">
      {task.startTime !== undefined && <Elapsed start={task.startTime} end={task.endTime} />}
      {hasRows && <span title={formatRows(task.rows)}>{formatCompact(task.rows)} rows</span>}
      {task.bytes !== '0' && <span>{formatBytes(task.bytes)}</span>}
    </span>
  );
}
