import { memo } from 'react';
import { Handle, Position } from '@xyflow/react';
import type { Node, NodeProps } from '@xyflow/react';
import type { TaskRun, WorkflowTask } from '@floe/client';
import { Elapsed } from '../components/instant.tsx';
import { Icon } from '../components/icon.tsx';
import { formatBytes, formatCompact, formatCompactRows, formatRows } from '../format/quantity.ts';
import { Rate } from '../run/time-left.tsx';
import { markOf } from '../state/state-mark.ts';
import { isTaskRun } from './graph-task.ts';
import type { GraphTask } from './graph-task.ts';

export type TaskNodeData = {
  readonly task: GraphTask;
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
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <button
        type="button"
        className="node nodrag nopan"
        data-tone={isTaskRun(task) ? markOf(task.state).tone : 'wait'}
        data-critical={isCritical}
        aria-pressed={isSelected}
        data-task={task.taskId}
        title={isCritical ? `${task.taskId} (on the critical path)` : task.taskId}
        onClick={() => onSelect(isSelected ? '' : task.taskId)}
      >
        <span className="node-name">
          <strong>{task.taskId}</strong>
          <span className="node-type">{task.type}</span>
        </span>
        {isTaskRun(task) ? <RunOfTask task={task} /> : <TaskOfWorkflow task={task} />}
      </button>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </>
  );
}

function TaskOfWorkflow({ task: { columns, description } }: { readonly task: WorkflowTask }) {
  return (
    <>
      <span className="node-description" dir="auto">
        {description}
      </span>
      <span className="node-numbers">
        {columns.length > 0 && <span>{columns.length} columns</span>}
      </span>
    </>
  );
}

function RunOfTask({ task }: { readonly task: TaskRun }) {
  const { word, icon, tone } = markOf(task.state);
  return (
    <>
      <span className="node-state" data-tone={tone}>
        <Icon name={icon} />
        {word}
        {task.attemptCount > 1 && task.items === undefined && (
          <span className="node-attempt">attempt {task.attemptCount}</span>
        )}
        {task.items !== undefined && (
          <span className="node-attempt" title="Items that are done">
            <ItemsDone {...task.items} />
          </span>
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
    </>
  );
}

function ItemsDone({ succeeded, failed, total }: NonNullable<TaskRun['items']>) {
  const done = formatCompact(String(succeeded + failed));
  const all = formatCompact(String(total));
  return done === all ? `${all} items` : `${done} / ${all} items`;
}

function NodeNumbers({ task }: { readonly task: TaskRun }) {
  // Of a dataset that nothing came into that is the most important number.
  const hasRows = task.rows !== '0' || (task.dataset !== undefined && !task.rowsUncounted);
  return (
    <span className="node-numbers">
      {task.startTime !== undefined && <Elapsed start={task.startTime} end={task.endTime} />}
      {hasRows && <span title={formatRows(task.rows)}>{formatCompactRows(task.rows)}</span>}
      {/* What runs is told by its speed, what has ended by its size. */}
      {task.bytes !== '0' &&
        (task.endTime === undefined ? (
          <Rate task={task} />
        ) : (
          <span>{formatBytes(task.bytes)}</span>
        ))}
    </span>
  );
}
