/** A thread that runs batches of seeds, one message each way. */
import { parentPort } from 'node:worker_threads';
import { runBatch, type SeedBatch } from './seed-batch.ts';

// Errors are part of what is simulated, thousands a second; nobody reads their stacks here.
Error.stackTraceLimit = 0;

parentPort?.on('message', (batch: SeedBatch) => {
  void runBatch(batch).then((result) => parentPort?.postMessage(result));
});
