import { type HttpAnswer, readBody } from '@floe/http';
import type { TaskContext, TaskResult } from '../runner.ts';
import { sendTask } from './send.ts';

// A short answer is read to its end, so that the server sees that it was taken; a long one is nobody's.
const TAKEN_BYTES_MAX = 1024 * 1024;

/** Sends a request whose answer is not kept. */
export async function runHttpLight(context: TaskContext): Promise<TaskResult> {
  const bytes = await sendTask(context, async (answer) => {
    const taken = await takeAnswer(answer);
    context.log('info', `answered ${answer.status}, ${taken} bytes`);
    return taken;
  });
  return { rows: 0, bytes };
}

/** Reads an answer that nobody keeps. Returns its bytes. */
export async function takeAnswer({ response }: HttpAnswer): Promise<number> {
  let taken = 0;
  for await (const chunk of readBody(response, Infinity)) {
    taken += chunk.byteLength;
    if (taken > TAKEN_BYTES_MAX) break;
  }
  return taken;
}
