// Owns which headers pass the front door: all but those that belong to one connection.
// Source: RFC 9110 §7.6.1. It stands in for the payer's own client, so it adds no Via and no Forwarded.

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Name and value in turn, as node:http has them in `rawHeaders`; `replaced` names are left out too. */
export const endToEndHeaders = (rawHeaders: readonly string[], replaced: readonly string[] = []): string[] => {
  const pairs = rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : [],
  );
  const named = pairs
    .filter(([name]) => name.toLowerCase() === 'connection')
    .flatMap(([, value]) => value.split(',').map((token) => token.trim().toLowerCase()));
  const dropped = new Set([...HOP_BY_HOP, ...named, ...replaced.map((name) => name.toLowerCase())]);
  return pairs.filter(([name]) => !dropped.has(name.toLowerCase())).flat();
};
