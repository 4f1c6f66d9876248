import { describe, expect, it } from 'vitest';
import { healthCheckCost } from '../../lib/cli/health-check-cost.ts';

const many = (count: number, type: 'HTTP' | 'HTTPS' | 'TCP', isInAws = true) =>
  Array.from({ length: count }, () => ({ type, isInAws }));

describe('the cost of health checks', () => {
  it('is nothing for the first 50 within AWS', () => {
    expect(healthCheckCost(many(50, 'TCP'))).toEqual({ count: 50, usdAMonth: 0 });
    expect(healthCheckCost(many(52, 'HTTP'))).toEqual({ count: 52, usdAMonth: 1 });
  });

  it('is more for HTTPS, also of the free ones', () => {
    expect(healthCheckCost(many(3, 'HTTPS'))).toEqual({ count: 3, usdAMonth: 3 });
  });

  it('is more outside AWS, where none is free', () => {
    expect(healthCheckCost(many(2, 'HTTP', false))).toEqual({ count: 2, usdAMonth: 1.5 });
    expect(healthCheckCost(many(1, 'HTTPS', false))).toEqual({ count: 1, usdAMonth: 2.75 });
  });
});
