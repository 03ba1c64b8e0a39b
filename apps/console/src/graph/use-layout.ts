import { useEffect, useState } from 'react';
import { foldTower } from './fold-tower.ts';
import { keyOf, shapeOf } from './graph-shape.ts';
import type { GraphShape } from './graph-shape.ts';
import type { GraphTask } from './graph-task.ts';
import { layOut } from './layout.ts';
import type { GraphLayout } from './layout.ts';

export type LaidOut = {
  readonly shape: GraphShape;
  /** Undefined until it is there. */
  readonly layout: GraphLayout | undefined;
  readonly error: unknown;
};

type Outcome = {
  readonly key: string;
  readonly layout?: GraphLayout;
  readonly error?: unknown;
};

/** The layout of the tasks, made once for each shape of the graph: states and numbers do not move anything. */
export function useLayout(tasks: readonly GraphTask[]): LaidOut {
  const shape = shapeOf(tasks);
  const key = keyOf(shape);
  const [outcome, setOutcome] = useState<Outcome>();
  useEffect(() => {
    let isWanted = true;
    const settle = (settled: Omit<Outcome, 'key'>) => {
      if (isWanted) setOutcome({ key, ...settled });
    };
    layOut(shape).then(
      (layout) => settle({ layout: foldTower(shape, layout) }),
      (error: unknown) => settle({ error }),
    );
    return () => {
      isWanted = false;
    };
    // The key stands for the shape, which is a new object on every change of a task.
  }, [key]);
  const current = outcome?.key === key ? outcome : undefined;
  return { shape, layout: current?.layout, error: current?.error };
}
