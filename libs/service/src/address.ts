/** An address as FLOE_*_LISTEN and FLOE_*_ADDRESS have it: `host:port`, an IPv6 host in brackets. */
export type HostAndPort = { readonly host: string; readonly port: number };

const PATTERN = /^(\[[0-9a-fA-F:.]+\]|[^\s:/[\]]+):(\d{1,5})$/;
const PORT_MAX = 65_535;

/** Undefined when the text is no address. Port 0 is one: the system chooses. */
export function parseAddress(text: string): HostAndPort | undefined {
  const match = PATTERN.exec(text);
  if (!match) return undefined;
  const [, host = '', digits = ''] = match;
  const port = Number(digits);
  if (port > PORT_MAX) return undefined;
  return { host: host.replace(/^\[|\]$/g, ''), port };
}
