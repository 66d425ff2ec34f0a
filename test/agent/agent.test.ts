import { expect, test } from 'vitest';
import { textOf, withFixture } from '../fixture.ts';
import { oneFormOnly } from './facts.ts';
import { priceOfTriage } from './triage.ts';

/** No call waits for the budget. */
const UNHURRIED = { environment: { MDCA_CALLS_PER_MINUTE: '100000' } };

test('x', () =>
  withFixture(async (f) => {
    const all: string[] = [];
    for (const [n, a] of [
      ['mdca_get_open_alerts', { limit: 60 }],
      ['mdca_list_activities', { ip: '203.0.113.71', limit: 100 }],
    ] as const) {
      const r = await f.call(n, a);
      all.push(...oneFormOnly(textOf(r), r.structuredContent as never).map((x) => `${n} ${x}`));
    }
    const price = await priceOfTriage(f);
    console.log(JSON.stringify(price, null, 1));
    expect(all).toEqual([]);
  }, UNHURRIED));
