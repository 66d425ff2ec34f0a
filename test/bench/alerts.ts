/** The time of the newest alert, ms since the epoch; each next one is APART_MS older. */
const NEWEST = 1_767_600_000_000;
const APART_MS = 61_003;

const PEOPLE = [
  'Ada Byrne',
  'Bo Lindqvist',
  'Chidi Okafor',
  'Dana Whitfield',
  'Emil Haug',
  'Fatima Zahra',
  'Goran Ilic',
];
const APPS = [
  { id: 11161, label: 'Office 365' },
  { id: 20893, label: 'Microsoft Exchange Online' },
  { id: 20892, label: 'Microsoft SharePoint Online' },
  { id: 12260, label: 'Microsoft Azure' },
  { id: 10489, label: 'Box' },
];
const COUNTRIES = ['IE', 'ZA', 'BR', 'NL', 'SG', 'US', 'VN'];
const KINDS = [
  {
    title: 'Impossible travel activity',
    does: 'signed in from two places that no flight joins in the time between',
    intent: 2,
  },
  {
    title: 'Mass download by a single user',
    does: 'downloaded far more files than in any hour of the last month',
    intent: 11,
  },
  {
    title: 'Suspicious inbox manipulation rule',
    does: 'made a rule that moves messages about invoices to RSS Feeds',
    intent: 10,
  },
  { title: 'Multiple failed login attempts', does: 'failed to sign in again and again and then succeeded', intent: 6 },
  {
    title: 'Activity from infrequent country',
    does: 'was active in a country where nobody of the organisation has been',
    intent: 2,
  },
  {
    title: 'Unusual administrative activity (by user)',
    does: 'granted roles and consents outside of working hours',
    intent: 4,
  },
];

/** The nth newest alert of a tenant in the shape of the service (docs/defender-api.md 4.2); no two are alike. */
export function alertOf(n: number) {
  const kind = pick(KINDS, n);
  const name = `${pick(PEOPLE, n)} ${n % 97}`;
  const upn = `${name.toLowerCase().replace(/[^a-z0-9]+/g, '.')}@contoso.com`;
  const ips = [`203.0.113.${n % 251}`, `198.51.100.${(n * 7) % 251}`];
  const countries = [pick(COUNTRIES, n), pick(COUNTRIES, n + 3)];
  const apps = [pick(APPS, n), pick(APPS, n + 2)];
  const policy = {
    type: 'policyRule',
    id: hex(9_000 + (n % 12), 24),
    label: kind.title,
    policyType: 'ANOMALY_DETECTION',
  };
  return {
    _id: hex(1_000_000 + n, 24),
    contextId: guid(2_000_000 + n),
    timestamp: NEWEST - n * APART_MS,
    title: n % 3 === 0 ? `${kind.title} (${name})` : kind.title,
    description:
      `${name} (${upn}) ${kind.does}. First seen at ${ips[0]} in ${countries[0]}, later at ${ips[1]} in ` +
      `${countries[1]}, by way of ${apps[0]?.label} and ${apps[1]?.label}; ${(n * 13) % 400} activities, ` +
      `of which ${n % 40} are rare here.`,
    entities: [
      {
        type: 'account',
        entityType: 2,
        id: guid(3_000 + (n % 97)),
        inst: 0,
        saas: 11161,
        label: name,
        pa: upn,
        em: upn,
      },
      { type: 'user', id: upn, label: upn },
      ...countries.map((id) => ({ type: 'country', id, label: id })),
      ...ips.map((id) => ({ type: 'ip', id, label: id })),
      policy,
      ...apps.map((app) => ({ type: 'service', ...app })),
    ],
    policy,
    statusValue: n % 2,
    severityValue: n % 3,
    resolutionStatusValue: 0,
    stories: [0],
    intent: [kind.intent],
    evidence: [
      { title: { template: 'ANUBIS_ADMIN_USER_FEATURE', parameters: { app: apps[0]?.label } } },
      {
        title: { template: 'ANUBIS_LAST_SEEN_FEATURE_IP_ALL_TENANT', parameters: { days: n % 180, resource: ips[0] } },
      },
    ],
    isPreview: false,
    isSystemAlert: false,
    audits: [guid(4_000_000 + n), guid(5_000_000 + n)],
    threatScore: n % 100,
    idValue: 15_859_716 + (n % 6),
    comment: null,
    handledByUser: null,
    resolveTime: null,
    URL: `https://contoso.us2.portal.cloudappsecurity.com/#/alerts/${hex(1_000_000 + n, 24)}`,
  };
}

function pick<T>(items: readonly T[], n: number): T {
  const item = items[n % items.length];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

/** Hex digits that look random and are the same in every run. */
function hex(n: number, length: number): string {
  let digits = '';
  for (let seed = n; digits.length < length; seed++) {
    digits += (Math.imul(seed ^ (seed >>> 7), 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
  }
  return digits.slice(0, length - 8) + n.toString(16).padStart(8, '0');
}

function guid(n: number): string {
  return hex(n, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
