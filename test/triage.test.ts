import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { expect, test } from 'vitest';
import { fromRef } from '../src/defender/activities/activity_ref.ts';
import { AlertWithEvidence } from '../src/defender/alerts/alert_with_evidence.ts';
import { demoTruth } from '../src/emulator/truth.ts';
import { type Fixture, textOf, withFixture } from './fixture.ts';

type Row = AlertWithEvidence['activities'][number];

/** No call waits for the budget. */
const UNHURRIED = { environment: { MDCA_CALLS_PER_MINUTE: '100000' } };

/** A row shows an activity by its id, or stands for it among like ones of its time. */
function shows(row: Row, { _id: id, timestamp }: { _id: string; timestamp: number }): boolean {
  const ref = fromRef(row.id);
  if (row.id === id || ref?.means(id)) return true;
  if (row.count === undefined || row.since === undefined || ref === undefined) return false;
  return timestamp >= Date.parse(row.since) - 1_000 && timestamp <= ref.second + 1_000;
}

async function answerFor(fixture: Fixture, alert_id: string) {
  const before = fixture.emulator.requests.length;
  const result = await fixture.call('mdca_get_alert', { alert_id });
  const value = AlertWithEvidence.parse(result.structuredContent);
  return { value, text: textOf(result), calls: fixture.emulator.requests.length - before };
}

test('one call shows what decides each alert of the demo tenant, at the price of its ceilings', () =>
  withFixture(async (fixture) => {
    const { activities } = fixture.emulator.state;
    const prices = { text: 0, value: 0, calls: 0, worst: 0 };
    const undecided: string[] = [];
    const truths = demoTruth().filter(({ undecidable }) => !undecidable);
    for (const { alertId, activities: deciding } of truths) {
      const { value, text, calls } = await answerFor(fixture, alertId);
      const records = activities.filter(({ _id }) => deciding.includes(_id));
      const missing = records.filter((record) => !value.activities.some((row) => shows(row, record)));
      if (missing.length > 0) undecided.push(`${alertId} by ${value.found_by}: ${missing.length} of ${records.length}`);
      const [inText, inValue] = [countTokens(text), countTokens(JSON.stringify(value))];
      prices.text += inText / truths.length;
      prices.value += inValue / truths.length;
      prices.calls = Math.max(prices.calls, calls);
      prices.worst = Math.max(prices.worst, inText, inValue);
    }
    expect(undecided, 'alerts whose deciding activities are not shown').toEqual([]);
    expect(prices.calls).toBeLessThanOrEqual(4);
    expect(prices.text).toBeLessThanOrEqual(350);
    expect(prices.value).toBeLessThanOrEqual(500);
    expect(prices.worst).toBeLessThanOrEqual(1_500);
  }, UNHURRIED));
