import { randomBytes, randomUUID } from 'node:crypto';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { expect, test } from 'vitest';
import { faceOf } from '../src/mcp/schema.ts';
import type { Alert } from '../src/model/alert.ts';
import { alertLines } from '../src/model/alert_text.ts';
import { inHouse, textOf, tools } from './house.ts';

/** Ceilings in o200k tokens; every conversation of every user pays for them. */
const CONNECTOR_LIST = 4_500;
const TWENTY_ALERTS = 2_000;

test(`the connector's tools are listed in at most ${CONNECTOR_LIST} tokens`, () => {
  const connector = tools.filter(({ group }) => group === 'connector');
  expect(countTokens(JSON.stringify({ tools: connector.map(faceOf) }))).toBeLessThanOrEqual(CONNECTOR_LIST);
});

test(`20 alerts of the demo tenant take at most ${TWENTY_ALERTS} tokens of text`, () =>
  inHouse(async (house) => {
    expect(countTokens(textOf(await house.call('mdca_get_open_alerts')))).toBeLessThanOrEqual(TWENTY_ALERTS);
  }));

test.each([
  ['that share no policy and no user', 'Suspicious activity number', 20],
  ['of ten policies with titles as long as an attacker likes', 'Long '.repeat(80), 10],
])('so do 20 alerts %s', (_what, title, policies) => {
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
  expect(countTokens(alertLines(alerts).join('\n'))).toBeLessThanOrEqual(TWENTY_ALERTS);
});
