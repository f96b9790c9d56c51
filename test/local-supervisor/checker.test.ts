import { describe, expect, test } from '@jest/globals';
import { afterLook, type CheckerBelief, UNKNOWN } from '../../local/route53/checker.ts';
import { countVotes, endpointHealth, statusOfChecks } from '../../local/route53/health.ts';
import { twoRegions } from './two-regions.ts';

const looks = (outcomes: string, threshold: number): CheckerBelief['kind'] =>
  [...outcomes].reduce<CheckerBelief>((belief, look) => afterLook(belief, look === '+', threshold), UNKNOWN).kind;

describe('a checker', () => {
  test.each([
    ['', 3, 'unknown'],
    ['+', 3, 'healthy'],
    ['-', 3, 'unhealthy'],
    ['+--', 3, 'healthy'],
    ['+---', 3, 'unhealthy'],
    ['+--+--', 3, 'healthy'],
    ['-++', 3, 'unhealthy'],
    ['-+++', 3, 'healthy'],
    ['-++-++', 3, 'unhealthy'],
    ['+-', 1, 'unhealthy'],
    ['+-+', 1, 'healthy'],
  ])('after the looks %j at threshold %i believes %s', (outcomes, threshold, belief) => {
    expect(looks(outcomes, threshold)).toBe(belief);
  });

  test('refuses a threshold below 1', () => {
    expect(() => afterLook(UNKNOWN, true, 0)).toThrow('failureThreshold is at least 1, got 0');
  });
});

describe('an endpoint', () => {
  const health = (healthy: number) =>
    endpointHealth(countVotes(Array.from({ length: 16 }, (_, index) => afterLook(UNKNOWN, index < healthy, 1))));

  test('is healthy while more than 18 % of its checkers say so: three of sixteen, not two', () => {
    expect(health(16)).toBe('healthy');
    expect(health(3)).toBe('healthy');
    expect(health(2)).toBe('unhealthy');
    expect(health(0)).toBe('unhealthy');
  });

  test('counts as healthy before anyone has looked', () => {
    expect(endpointHealth(countVotes([UNKNOWN, UNKNOWN]))).toBe('healthy');
  });
});

describe('checks made of checks', () => {
  const { healthChecks } = twoRegions();
  const status = (endpoints: Record<string, 'healthy' | 'unhealthy'>) =>
    statusOfChecks(healthChecks, new Map(Object.entries(endpoints)));

  const NOT_EVACUATED = { 'evacuated-us-east-1': 'unhealthy', 'evacuated-us-west-2': 'unhealthy' } as const;

  test('a Region serves while its own check is healthy and its peer does not say it is evacuated', () => {
    const now = status({ 'own-us-east-1': 'healthy', 'own-us-west-2': 'unhealthy', ...NOT_EVACUATED });
    expect(now.get('evacuated-us-east-1')).toBe('healthy');
    expect(now.get('serves-us-east-1')).toBe('healthy');
    expect(now.get('serves-us-west-2')).toBe('unhealthy');
  });

  test('evacuated by its peer it does not serve, however healthy', () => {
    const now = status({
      'own-us-east-1': 'healthy',
      'own-us-west-2': 'healthy',
      ...NOT_EVACUATED,
      'evacuated-us-east-1': 'healthy',
    });
    expect(now.get('serves-us-east-1')).toBe('unhealthy');
    expect(now.get('serves-us-west-2')).toBe('healthy');
  });

  test('a child that does not exist and a loop are named', () => {
    const calculated = (id: string, child: string) =>
      ({ kind: 'calculated', id, children: [child], healthThreshold: 1, inverted: false }) as const;
    expect(() => statusOfChecks([calculated('a', 'gone')], new Map())).toThrow(
      'health check a names gone, which does not exist',
    );
    expect(() => statusOfChecks([calculated('a', 'b'), calculated('b', 'a')], new Map())).toThrow(
      'health check a contains itself: a → b → a',
    );
  });
});
