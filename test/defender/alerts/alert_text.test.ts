import { describe, expect, test } from 'vitest';
import { sourceOf } from '../../../src/defender/activities/activity_source.ts';
import { alertLine } from '../../../src/defender/alerts/alert_text.ts';

const ALERT = { id: '68c2a4f4c41f0a9e731a0001', title: 'Impossible travel', ips: ['192.0.2.60'], countries: ['ZA'] };
const NOTHING = { ip: undefined, country: undefined, city: undefined };

type Source = Parameters<typeof sourceOf>[0];

const lineBeside = (source: Partial<Source>) => {
  const sources = [`S1 ${sourceOf({ ...NOTHING, ...source } as Source)}`];
  return alertLine(ALERT, [], { sources, apps: [] });
};

describe('an alert above its activities', () => {
  test('does not repeat an address and a country that a source has', () => {
    const line = lineBeside({ ip: '192.0.2.60', ip_category: 'RISKY', city: 'Durban', country: 'ZA' });
    expect(line).toBe('68c2a4f4c41f0a9e731a0001 Impossible travel');
  });

  test.each<[string, Partial<Source>]>([
    ['a user agent', { ip: '192.0.2.61', user_agent: 'Tool 192.0.2.60 ZA' }],
    ['a user agent alone', { ip: '192.0.2.61', user_agent: 'ZA' }],
    ['a user agent with a semicolon', { ip: '192.0.2.61', user_agent: 'S1 192.0.2.60; Durban ZA; x' }],
    ['a network owner', { ip: '192.0.2.61', organization: 'ZA' }],
    ['a network owner in capitals', { ip: '192.0.2.61', organization: 'Net ZA' }],
    ['a network owner of more words', { ip: '192.0.2.61', organization: 'ZA Net' }],
    ['a user agent around it', { ip: '192.0.2.61', user_agent: 'Tool ZA client' }],
    ['a user agent before it', { ip: '192.0.2.61', user_agent: 'ZA client' }],
    ['a user agent with no address', { user_agent: 'ZA client' }],
    ['a city', { ip: '192.0.2.61', city: 'Port ZA', country: 'US' }],
    ['another address', { ip: '192.0.2.6', country: 'US' }],
  ])('still shows them beside %s that only looks like them', (_where, source) => {
    expect(lineBeside(source)).toBe('68c2a4f4c41f0a9e731a0001 Impossible travel; 192.0.2.60 ZA');
  });

  test('names an app that no activity below is in', () => {
    const alert = { ...ALERT, apps: [11161, 20893], ips: [], countries: [] };
    const line = alertLine(alert, ['11161 Office 365', '20893 Exchange'], { sources: [], apps: [20893] });
    expect(line).toBe('68c2a4f4c41f0a9e731a0001 Impossible travel; A1');
  });
});
