import { FloeError } from '@floe/errors';
import { parseAddress } from '@floe/service';
import type { FloeEnvironment } from '@floe/service';
import type { FastifyInstance } from 'fastify';
import { isLoopbackHost } from './http/origin.ts';

export type Listen = { readonly host: string; readonly port: number };

/** Without tokens everybody who can reach the gateway could do anything, so only this machine may reach it. */
export function listenAddress({ gatewayListen, tokens }: FloeEnvironment): Listen {
  const address = parseAddress(gatewayListen);
  if (address !== undefined && (tokens === 'required' || isLoopbackHost(address.host))) {
    return address;
  }
  throw new FloeError(
    'CONFIGURATION_INVALID',
    `FLOE_GATEWAY_LISTEN is '${gatewayListen}', which is not this machine only, and FLOE_TOKENS is off`,
    {
      details: { variable: 'FLOE_GATEWAY_LISTEN' },
      hint: 'Set FLOE_TOKENS=required, or listen on 127.0.0.1 and reach it through an SSH tunnel.',
    },
  );
}

/** Where those who come by HTTP are sent on; it answers nothing else, so that it may be reached from anywhere. */
export function doorAddress({ gatewayHttpListen }: FloeEnvironment): Listen | undefined {
  return gatewayHttpListen === undefined ? undefined : parseAddress(gatewayHttpListen);
}

export async function bind(app: FastifyInstance, listen: Listen): Promise<string> {
  try {
    const url = new URL(await app.listen(listen));
    return url.host;
  } catch (thrown) {
    throw listenError(thrown, `${listen.host}:${listen.port}`);
  }
}

export function listenError(
  thrown: unknown,
  address: string,
  variable = 'FLOE_GATEWAY_LISTEN',
): FloeError {
  const code: unknown = thrown instanceof Error ? Reflect.get(thrown, 'code') : undefined;
  if (code === 'EADDRINUSE') {
    return new FloeError('PORT_TAKEN', `another process listens on ${address}`, {
      cause: thrown,
      details: { address },
      hint: `Stop the other process, or set ${variable} to another port.`,
    });
  }
  return new FloeError('CONFIGURATION_INVALID', `the gateway cannot listen on ${address}`, {
    cause: thrown,
    details: { address, ...(typeof code === 'string' ? { code } : {}) },
    hint: `Set ${variable} to an address of this machine, like 127.0.0.1:7400.`,
  });
}
