/** Addresses within a machine or a network of its own: what a request of ours may only reach where the operator says so. */
import { BlockList, isIP } from 'node:net';

// RFC 6890 and its successors: this host, private networks, carriers, link-local (cloud metadata), tests, multicast and
// what is reserved.
const IPV4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

// The only IPv6 addresses that lead out are those of 2000::/3; of these, some carry an IPv4 address within (6to4, Teredo)
// or are for documentation.
const IPV6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];
const IPV6_GLOBAL = listOf([['2000::', 3]], 'ipv6');
const IPV6_INTERNAL = listOf(IPV6, 'ipv6');
const IPV4_INTERNAL = listOf(IPV4, 'ipv4');

function listOf(ranges: readonly (readonly [string, number])[], family: 'ipv4' | 'ipv6') {
  const list = new BlockList();
  for (const [network, prefix] of ranges) list.addSubnet(network, prefix, family);
  return list;
}

/** Whether an IP address is not one of the public internet; a text that is no address counts as internal. */
export function isInternalAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return IPV4_INTERNAL.check(address, 'ipv4');
  if (family !== 6) return true;
  return !IPV6_GLOBAL.check(address, 'ipv6') || IPV6_INTERNAL.check(address, 'ipv6');
}
