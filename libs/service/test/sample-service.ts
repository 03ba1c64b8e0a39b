import { FloeError } from '@floe/errors';
import { runService } from '../src/index.ts';

const behaviour = process.argv[2];

await runService('sample', async () => {
  if (behaviour === 'cannot-start') {
    throw new FloeError('PORT_TAKEN', 'the port is taken', { hint: 'Take another port.' });
  }
  if (behaviour === 'rejects') void Promise.reject(new Error('nobody caught me'));
  const work = setInterval(() => undefined, 1_000);
  return {
    name: 'sample',
    addresses: { grpc: '127.0.0.1:1' },
    stop: async () => {
      if (behaviour === 'cannot-stop') throw new Error('stuck');
      clearInterval(work);
    },
  };
});
