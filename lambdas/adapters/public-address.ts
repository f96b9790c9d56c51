// Owns which addresses of the internet a webhook may go to: those that anybody can reach, and none inside.
// Leaves to webhook-notifier.ts that the address which was checked is the one that is called.
import { BlockList, isIP } from 'node:net';

/** IANA's special-purpose registries, and what translates into them: RFC 6890 and its successors, RFC 6052, 3056, 4380. */
const INSIDE_V4 = [
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
  ['224.0.0.0', 3],
] as const;
const INSIDE_V6 = [
  ['::', 96],
  ['::ffff:0:0', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 9],
  ['ff00::', 8],
] as const;

// Two lists: one of both would find every IPv4 address in the range that IPv6 maps them to.
const insideV4 = new BlockList();
const insideV6 = new BlockList();
for (const [net, prefix] of INSIDE_V4) insideV4.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of INSIDE_V6) insideV6.addSubnet(net, prefix, 'ipv6');

/** False for whatever is no address too. */
export const isPublicAddress = (address: string): boolean => {
  switch (isIP(address)) {
    case 4:
      return !insideV4.check(address, 'ipv4');
    case 6:
      return !insideV6.check(address, 'ipv6');
    default:
      return false;
  }
};
