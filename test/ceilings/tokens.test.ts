import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { expect, test } from 'vitest';
import type { Alert } from '../../src/defender/alerts/alert.ts';
import { toAlertRows } from '../../src/defender/alerts/alert_rows.ts';
import { alertLines } from '../../src/defender/alerts/alert_text.ts';
import { textOf, withFixture } from '../fixture.ts';
import { ROOT } from '../process.ts';
import { openIds } from '../samples.ts';

/** The ceiling for 20 alerts that share little, in o200k tokens. */
const TWENTY_ALERTS = JSON.parse(readFileSync(`${ROOT}test/ceilings/ceilings.json`, 'utf8')).odd_tokens.twenty_alerts;

test.each([
  ['that share no policy and no user', 'Suspicious activity number', 20],
  ['of ten policies with titles as long as an attacker likes', 'Long '.repeat(80), 10],
])('20 alerts %s keep to their token ceiling', (_what, title, policies) => {
  const id = () => randomBytes(12).toString('hex');
  const policyIds = Array.from({ length: policies }, id);
  const alerts = Array.from(
    { length: 20 },
    (_, n): Alert => ({
      id: id(),
      title: `${title} ${n}`,
      severity: 'medium',
      status: 'open',
      created: new Date(1_767_600_000_000 - n * 3_600_000).toISOString(),
      policy: { id: policyIds[n % policies] ?? '', name: `Policy number ${n % policies}` },
      users: [{ id: randomUUID(), name: `user${n}@contoso.com` }],
      apps: [
        { id: 11161, name: 'Office 365' },
        { id: 20893, name: 'Microsoft Exchange Online' },
      ],
      ips: ['192.0.2.11', '203.0.113.71'],
      countries: ['IE', 'ZA'],
      url: 'https://contoso.us2.portal.cloudappsecurity.com/#/alerts/',
    }),
  );
  expect(countTokens(alertLines(toAlertRows(alerts)).join('\n'))).toBeLessThanOrEqual(TWENTY_ALERTS);
});

test('a plan for 60 alerts costs at most 1,200 tokens', () =>
  withFixture(
    async (fixture) => {
      const alert_ids = openIds(fixture.emulator.state.alerts, 60);
      const plan = textOf(
        await fixture.call('mdca_close_alert_benign', { alert_ids, comment: 'Travel, see the ticket' }),
      );
      expect(plan).toMatch(
        /^Close 60 of 60 alerts as benign: 23 high, 17 medium, 17 low, 3 informational; 18 users;/mu,
      );
      expect(countTokens(plan)).toBeLessThanOrEqual(1_200);
    },
    { environment: { MDCA_WRITES: 'confirm' } },
  ));
