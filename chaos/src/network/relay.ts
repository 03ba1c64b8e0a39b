import { connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

export type Route = {
  readonly port: number;
  readonly from: string;
  readonly to: string;
};

/** Passes every connection to a port of one address on to the same port of another. */
export async function relay({ port, from, to }: Route): Promise<Server> {
  const server = createServer((near) => join(near, connect({ host: to, port })));
  server.listen(port, from);
  await once(server, 'listening');
  return server;
}

function join(near: Socket, far: Socket): void {
  near.setNoDelay(true);
  far.setNoDelay(true);
  near.pipe(far);
  far.pipe(near);
  // What breaks one side breaks the other: neither keeps half a connection.
  near.on('error', () => far.destroy());
  far.on('error', () => near.destroy());
  near.on('close', () => far.destroy());
  far.on('close', () => near.destroy());
}
