/**
 * Names of servers, looked up so that nothing internal is reached.
 *
 *   K1. Every address of a name is checked before one of them is connected to, and the connection goes to one that was
 *       checked: a second answer of the name server changes nothing.
 *   K2. At most LOOKUPS_AT_ONCE names are looked up at once. Each holds a thread of the process's small pool, which files
 *       need too: a name server that hangs must not stop those.
 */
import { lookup as lookUp } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isInternalAddress } from './internal-address.ts';

// Half of the threads that Node has for names, files and packing.
const LOOKUPS_AT_ONCE = 2;

/** A server that is within the own network, and that nobody has allowed. */
export class AddressRefused extends Error {
  readonly host: string;

  constructor(host: string) {
    super(`${host} is within the network of Floe`);
    this.host = host;
  }
}

/** Without the brackets of an IPv6 address. */
export function hostOf(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
}

/** Addresses are judged at once, names when they are looked up. Throws AddressRefused. */
export function requireReachable(url: URL, allowedHosts: readonly string[]): void {
  const host = hostOf(url);
  if (allowedHosts.includes(host) || isIP(host) === 0) return;
  if (isInternalAddress(host)) throw new AddressRefused(host);
}

type Waiting = () => void;

// The pool of threads is one for the process, and so is this bound.
const turns: { busy: number; readonly waiting: Waiting[] } = { busy: 0, waiting: [] };

/** K2. For one or all addresses, whichever Node asks for. */
const lookUpBounded: LookupFunction = (hostname, options, callback) => {
  takeTurn(() => {
    lookUp(hostname, { ...options, all: true }, (error, addresses) => {
      giveTurn();
      if (error !== null) return callback(error, []);
      if (options.all === true) return callback(null, addresses);
      const [first] = addresses;
      callback(null, first?.address ?? '', first?.family);
    });
  });
};

/** K1. One address that is internal spoils the name. */
const lookUpPublic: LookupFunction = (hostname, options, callback) => {
  lookUpBounded(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, []);
    const found = Array.isArray(addresses) ? addresses : [];
    const [first] = found;
    if (first === undefined || found.some(({ address }) => isInternalAddress(address))) {
      return callback(new AddressRefused(hostname), []);
    }
    if (options.all === true) return callback(null, found);
    callback(null, first.address, first.family);
  });
};

/** How the name of a server is looked up. */
export function lookupFor(url: URL, allowedHosts: readonly string[]): LookupFunction {
  return allowedHosts.includes(hostOf(url)) ? lookUpBounded : lookUpPublic;
}

function takeTurn(begin: Waiting): void {
  if (turns.busy >= LOOKUPS_AT_ONCE) return void turns.waiting.push(begin);
  turns.busy += 1;
  begin();
}

function giveTurn(): void {
  const next = turns.waiting.shift();
  if (next === undefined) turns.busy -= 1;
  else next();
}
