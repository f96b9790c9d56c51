// Owns IAM's wildcards: `*` for any run of characters, `?` for exactly one; everything else stands for itself.

const PATTERN_SPECIAL = /[.+^${}()|[\]\\]/g;

/** A test for `pattern`. Actions are compared without regard to case, resources and condition values with it. */
export function wildcardMatcher(
  pattern: string,
  options: { readonly ignoreCase: boolean },
): (value: string) => boolean {
  if (pattern === '*') return () => true;
  if (!/[*?]/.test(pattern)) {
    if (!options.ignoreCase) return (value) => value === pattern;
    const lowered = pattern.toLowerCase();
    return (value) => value.toLowerCase() === lowered;
  }
  const source = pattern.replace(PATTERN_SPECIAL, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`, options.ignoreCase ? 'is' : 's');
  return (value) => expression.test(value);
}
