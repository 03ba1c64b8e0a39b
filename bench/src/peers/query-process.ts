/** Runs one query by hand, as the engine of a worker does, once it is told which; says how many seconds it took. */
import { parseProgram, toFramePlan } from '@floe/expression';
import { executeFramePlan } from '@floe/frame';

export type HandQuery = {
  readonly text: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly output: string;
};

process.once('message', (query: HandQuery) => void run(query));
process.send?.('ready');

async function run({ text, inputs, output }: HandQuery): Promise<void> {
  const startedAt = performance.now();
  const program = parseProgram(text, { inputs: Object.keys(inputs) });
  await executeFramePlan(toFramePlan(program, {}), { inputs, output });
  process.send?.((performance.now() - startedAt) / 1_000);
  process.disconnect?.();
}
