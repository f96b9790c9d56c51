// Owns how API Gateway hands a token's claims to a function: each as a string, composed values in Go's notation.
// An array becomes `[a b]`, indistinguishable from an array of one string `a b`: handlers must parse it strictly.

export function claimsAsStrings(claims: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, asString(value)]));
}

function asString(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(asString).join(' ')}]`;
  if (value === null) return '<nil>';
  if (typeof value === 'object') {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `map[${entries.map(([name, held]) => `${name}:${asString(held)}`).join(' ')}]`;
  }
  return String(value);
}
