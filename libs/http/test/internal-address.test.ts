import { expect, test } from 'vitest';
import { isInternalAddress } from '../src/internal-address.ts';

test.each([
  ['0.0.0.0', true],
  ['10.1.2.3', true],
  ['100.64.0.1', true],
  ['127.255.255.254', true],
  ['169.254.169.254', true],
  ['172.16.0.1', true],
  ['172.31.255.255', true],
  ['192.168.1.1', true],
  ['224.0.0.1', true],
  ['255.255.255.255', true],
  ['::', true],
  ['::1', true],
  ['::ffff:10.0.0.1', true],
  ['64:ff9b::a00:1', true],
  ['fc00::1', true],
  ['fe80::1', true],
  ['ff02::1', true],
  ['2002:a00:1::', true],
  ['no address', true],
  ['1.1.1.1', false],
  ['172.32.0.1', false],
  ['93.184.216.34', false],
  ['2606:4700:4700::1111', false],
])('%s is internal: %s', (address, isInternal) => {
  expect(isInternalAddress(address)).toBe(isInternal);
});
