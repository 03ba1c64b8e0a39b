import { runIp } from './run-ip.ts';

/** Undefined when a network can be cut here, else why not. */
export async function whyNoNetwork(): Promise<string | undefined> {
  const name = `floe-try-${process.pid}`;
  try {
    await runIp('netns', 'add', name);
    await runIp('netns', 'del', name);
    return undefined;
  } catch (error) {
    const said = error instanceof Error ? error.message.split('\n').at(-2) : undefined;
    return `network namespaces need Linux, root and iproute2 (${said ?? String(error)})`;
  }
}
