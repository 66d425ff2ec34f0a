import type { Emulator } from '../../src/emulator/emulator.ts';
import type { Args } from '../samples.ts';

export type State = Emulator['state'];
type Alert = State['alerts'][number];
type Activity = State['activities'][number];
type Filters = Record<string, Record<string, unknown>>;

/** An argument of a list: what it sends, and which records it means, read from ../shared and docs/defender-api.md. */
export interface Argument<T> {
  /** Values that the demo tenant has, and others. */
  values(state: State): readonly unknown[];
  /** The documented filter. */
  filters(value: unknown): Filters;
  /** What the filter means, by the record alone. */
  keeps(record: T, value: unknown, state: State): boolean;
  /** A record that the filter does not find, and that is no stranger's all the same. */
  isRelated?(record: T, value: unknown): boolean;
  /** Why a record that the service lets through cannot be told from one that was asked for. */
  unchecked?: string;
  /** The order that the argument asks for, greatest first. */
  order?(value: unknown): Order<T>;
}

interface Order<T> {
  sort: { sortField: string; sortDirection: 'asc' | 'desc' };
  key(record: T): string | number;
}

/** A tool that lists. */
export interface ListTool<T> extends Order<T> {
  path: string;
  /** The member of the answer that holds the records. */
  member: string;
  records(state: State): readonly T[];
  id(record: T): string | number;
  /** The filters that every call sends. */
  always: Filters;
  /** Arguments for a call that has none of its own. */
  needs: Args;
  arguments: Readonly<Record<string, Argument<T>>>;
}

const one =
  (field: string, operator = 'eq') =>
  (value: unknown): Filters => ({ [field]: { [operator]: value } });
const list =
  (field: string) =>
  (value: unknown): Filters => ({ [field]: { eq: [value] } });
const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];
const isGuid = (value: unknown) => /^[\da-f]{8}-/iu.test(String(value));
const key = (id: unknown) => ({ id: String(id).toLowerCase(), saas: 11161, inst: 0 });
const same = (a: unknown, b: unknown) => String(a).toLowerCase() === String(b).toLowerCase();
const NOBODY = 'nobody@contoso.com';
const NO_ID = 'f'.repeat(24);

/** Users by both of their names, as people write them. */
const people = ({ entities }: State) => [
  ...entities.filter(({ type }) => type === 2).flatMap(({ id, email }) => [id, email ?? NOBODY]),
  entities.find(({ type }) => type === 2)?.id.toUpperCase(),
  NOBODY,
];

function times<T>(field: string, of: (state: State) => readonly T[], time: (record: T) => number) {
  const values = (state: State) => {
    const all = of(state).map(time).toSorted();
    return [0.2, 0.5, 0.9].flatMap((part) => new Date(all[Math.floor(all.length * part)] ?? 0).toISOString());
  };
  const bound = (operator: 'gte' | 'lte'): Argument<T> => ({
    values,
    filters: (value) => ({ [field]: { [operator]: Date.parse(String(value)) } }),
    keeps: (record, value) =>
      operator === 'gte' ? time(record) >= Date.parse(String(value)) : time(record) <= Date.parse(String(value)),
  });
  return { since: bound('gte'), until: bound('lte') };
}

const SEVERITIES = ['low', 'medium', 'high', 'informational'];
const STATUSES = ['open', 'dismissed', 'resolved', 'false_positive', 'benign', 'true_positive'];
const named = ({ entities }: Alert, type: string, id: unknown) =>
  entities.some((entity) => entity.type === type && same(entity.id, id));
const alertIds = (type: string) => (state: State) =>
  unique(state.alerts.flatMap(({ entities }) => entities.flatMap((it) => (it.type === type ? [it.id] : []))));
const newest = { sort: { sortField: 'date', sortDirection: 'desc' }, key: (it: Alert) => it.timestamp } as const;

const alerts: ListTool<Alert> = {
  path: '/api/v1/alerts/',
  member: 'alerts',
  records: (state) => state.alerts,
  id: ({ _id }) => _id,
  always: {},
  needs: {},
  ...newest,
  arguments: {
    status: {
      values: () => ['any', 'closed', ...STATUSES],
      filters: (value) => {
        if (value === 'any') return {};
        if (value === 'open' || value === 'closed') return { alertOpen: { eq: value === 'open' } };
        return { resolutionStatus: { eq: STATUSES.indexOf(String(value)) } };
      },
      keeps: ({ resolutionStatusValue: state }, value) =>
        value === 'any' || (value === 'closed' ? state > 0 : state === STATUSES.indexOf(String(value))),
    },
    severity: {
      values: () => [...SEVERITIES.map((word) => [word]), ['high', 'low'], SEVERITIES],
      filters: (value) => ({ severity: { eq: [value].flat().map((word) => SEVERITIES.indexOf(String(word))) } }),
      keeps: ({ severityValue }, value) => [value].flat().includes(SEVERITIES[severityValue]),
    },
    user: {
      values: people,
      filters: (value) =>
        isGuid(value) ? { 'entity.entity': { eq: [key(value)] } } : { 'entity.user': { eq: [value] } },
      keeps: (alert, value) => named(alert, isGuid(value) ? 'account' : 'user', value),
    },
    policy_id: {
      values: ({ policies }) => [...policies.map(({ _id }) => _id), NO_ID],
      filters: list('entity.policy'),
      keeps: (alert, value) => named(alert, 'policyRule', value),
    },
    app_id: {
      values: (state) => [...alertIds('service')(state), 1],
      filters: list('entity.service'),
      keeps: (alert, value) => named(alert, 'service', value),
    },
    ip: {
      values: (state) => [...alertIds('ip')(state), '2001:db8::ffff'],
      filters: list('entity.ip'),
      keeps: (alert, value) => named(alert, 'ip', value),
    },
    read: {
      values: () => [true, false],
      filters: one('read'),
      keeps: ({ statusValue }, value) => statusValue > 0 === value,
    },
    ...times(
      'date',
      ({ alerts: all }) => all,
      (it: Alert) => it.timestamp,
    ),
    sort: {
      values: () => ['newest', 'severity'],
      filters: () => ({}),
      keeps: () => true,
      order: (value) =>
        value === 'newest'
          ? newest
          : {
              sort: { sortField: 'severity', sortDirection: 'desc' },
              key: ({ severityValue }) => [1, 2, 3, 0][severityValue] ?? -1,
            },
    },
  },
};

const openAlerts: ListTool<Alert> = {
  ...alerts,
  records: (state) => state.alerts.filter(({ resolutionStatusValue }) => resolutionStatusValue === 0),
  always: { alertOpen: { eq: true } },
  arguments: { detail: { values: () => ['concise', 'full'], filters: () => ({}), keeps: () => true } },
};

const doneBy: Argument<Activity> = {
  values: people,
  filters: (value) => (isGuid(value) ? { entity: { eq: [key(value)] } } : { 'user.username': { eq: [value] } }),
  keeps: ({ entityData, user }, value) =>
    isGuid(value) ? same(entityData['2'].id.id, value) : same(user.userName, value),
  isRelated: ({ failedUserData }, value) => same(failedUserData?.userName, value),
};
const activityTimes = times(
  'date',
  (state) => state.activities,
  (it: Activity) => it.timestamp,
);

const activities: ListTool<Activity> = {
  path: '/api/v1/activities/',
  member: 'activities',
  records: (state) => state.activities,
  id: ({ _id }) => _id,
  always: {},
  needs: { device_type: 'DESKTOP' },
  sort: { sortField: 'date', sortDirection: 'desc' },
  key: ({ timestamp }) => timestamp,
  arguments: {
    alert_id: {
      values: (state) => [...unique(state.alertActivities.map(({ alertId }) => alertId)).slice(0, 8), NO_ID],
      filters: list('activity.alertId'),
      keeps: ({ _id }, value, { alertActivities }) =>
        alertActivities.some(({ alertId, activityId }) => alertId === value && activityId === _id),
      unchecked: 'no activity tells its alerts',
    },
    user: doneBy,
    ip: {
      values: (state) => [...unique(state.activities.map(({ device }) => device.clientIP)), '2001:db8::ffff'],
      filters: list('ip.address'),
      keeps: ({ device }, value) => device.clientIP === value,
    },
    app_id: {
      values: (state) => [...unique(state.activities.map(({ appId }) => appId)), 1],
      filters: list('service'),
      keeps: ({ appId }, value) => appId === value,
    },
    country: {
      values: (state) => [...unique(state.activities.map(({ location }) => location.countryCode)), 'ie', 'ZZ'],
      filters: (value) => ({ 'location.country': { eq: [String(value).toUpperCase()] } }),
      keeps: ({ location }, value) => same(location.countryCode, value),
    },
    device_type: {
      values: () => ['DESKTOP', 'MOBILE', 'TABLET', 'OTHER'],
      filters: list('device.type'),
      keeps: ({ userAgent }, value) => userAgent.deviceType === value,
    },
    admin_only: {
      values: () => [true, false],
      filters: (value) => (value ? { 'activity.type': { eq: true } } : {}),
      keeps: ({ classifications }, value) => !value || classifications.includes('admin'),
      unchecked: 'no documented field of an activity says that it is administrative',
    },
    ...activityTimes,
  },
};

const activitiesOfUser: ListTool<Activity> = {
  ...activities,
  needs: { user_id: '9e6f4bda-0812-4274-a2f4-2a10b3a56faf' },
  arguments: { user_id: doneBy, ...activityTimes },
};

const USER_STATES = ['none', 'staged', 'active', 'suspended', 'deleted'];

const users: ListTool<State['entities'][number]> = {
  path: '/api/v1/entities/',
  member: 'users',
  records: ({ entities }) => entities.filter(({ type }) => type === 2),
  id: ({ id }) => id,
  always: { type: { eq: [2] } },
  needs: {},
  sort: { sortField: 'date', sortDirection: 'desc' },
  key: ({ lastSeen }) => lastSeen ?? '',
  arguments: {
    admin_only: {
      values: () => [true, false],
      filters: (value) => (value ? { isAdmin: { eq: true } } : {}),
      keeps: ({ isAdmin }, value) => !value || isAdmin,
    },
    external: {
      values: () => [true, false],
      filters: one('isExternal'),
      keeps: ({ isExternal }, value) => isExternal === value,
    },
    status: {
      values: () => USER_STATES,
      filters: (value) => ({ status: { eq: [USER_STATES.indexOf(String(value))] } }),
      keeps: ({ status }, value) => USER_STATES[status] === value,
    },
    domain: {
      values: ({ entities }) => [...unique(entities.flatMap((it) => it.domain ?? [])), 'CONTOSO.com', 'none.example'],
      filters: list('domain'),
      keeps: ({ domain }, value) => same(domain, value),
    },
    app_id: {
      values: ({ apps }) => apps.map(({ appId }) => appId),
      filters: list('app'),
      keeps: ({ appData, subApps }, value) => appData.appId === value || subApps.some(({ appId }) => appId === value),
    },
  },
};

const FILE_TYPES = ['other', 'document', 'spreadsheet', 'presentation', 'text', 'image', 'folder'];
const SHARING = ['private', 'internal', 'external', 'public', 'public_internet'];
type FileRecord = State['files'][number];

const files: ListTool<FileRecord> = {
  path: '/api/v1/files/',
  member: 'files',
  records: (state) => state.files.filter(({ fileStatus }) => fileStatus[0] !== 2),
  id: ({ _id }) => _id,
  always: {},
  needs: {},
  sort: { sortField: 'modifiedDate', sortDirection: 'desc' },
  key: ({ modifiedDate }) => modifiedDate,
  arguments: {
    name: {
      values: () => ['.docx', 'PAY', 'plan', 'no such file'],
      filters: one('filename', 'text'),
      keeps: (file, value) => file.name.toLowerCase().includes(String(value).toLowerCase()),
    },
    owner: {
      values: people,
      filters: (value) =>
        isGuid(value) ? { 'owner.entity': { eq: [key(value)] } } : { 'owner.username': { eq: [value] } },
      keeps: ({ ownerAddress }, value, { entities }) =>
        isGuid(value)
          ? entities.some(({ type, id, email }) => type === 2 && same(id, value) && email === ownerAddress)
          : same(ownerAddress, value),
      unchecked: 'a file tells its owner by address, which says nothing of an object id',
    },
    app_id: {
      values: (state) => [...unique(state.files.map(({ appId }) => appId)), 1],
      filters: list('service'),
      keeps: ({ appId }, value) => appId === value,
    },
    sharing: {
      values: () => [...SHARING.map((word) => [word]), ['public', 'external']],
      filters: (value) => ({ sharing: { eq: [value].flat().map((word) => SHARING.indexOf(String(word))) } }),
      keeps: ({ fileAccessLevel: [level] }, value) => [value].flat().includes(SHARING[level]),
    },
    policy_id: {
      values: ({ filePolicies }) => [...unique(filePolicies.map(({ policyId }) => policyId)), NO_ID],
      filters: (value) => ({ policy: { cabinetmatchedrulesequals: [value] } }),
      keeps: ({ _id }, value, { filePolicies }) =>
        filePolicies.some(({ fileId, policyId }) => fileId === _id && policyId === value),
      unchecked: 'no file tells the policies that it matches',
    },
    type: {
      values: () => [...FILE_TYPES.map((word) => [word]), ['document', 'other']],
      filters: (value) => ({ fileType: { eq: [value].flat().map((word) => FILE_TYPES.indexOf(String(word))) } }),
      keeps: ({ fileType: [type] }, value) => [value].flat().includes(FILE_TYPES[type]),
    },
    modified_since: times(
      'modifiedDate',
      (state) => state.files,
      (it: FileRecord) => it.modifiedDate,
    ).since,
  },
};

const contains = (name: string, part: unknown) => name.toLowerCase().includes(String(part).toLowerCase());

const policies: ListTool<State['policies'][number]> = {
  path: '/cas/api/v1/policies/',
  member: 'policies',
  records: (state) => state.policies,
  id: ({ _id }) => _id,
  always: {},
  needs: {},
  sort: { sortField: 'severity', sortDirection: 'desc' },
  key: ({ severity }) => ['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH'].indexOf(severity),
  arguments: {
    name: {
      values: () => ['travel', 'MASS', 'e', 'no such policy'],
      filters: () => ({}),
      keeps: ({ name }, value) => contains(name, value),
    },
    type: {
      values: (state) => [...unique(state.policies.map(({ policyType }) => policyType.toLowerCase())), 'AUDIT', 'none'],
      filters: (value) => ({ type: { eq: [String(value).toUpperCase()] } }),
      keeps: ({ policyType }, value) => same(policyType, value),
    },
    enabled: {
      values: () => [true, false],
      filters: () => ({}),
      keeps: ({ enabled }, value) => enabled === value,
    },
  },
};

const apps: ListTool<State['apps'][number]> = {
  path: '/cas/api/v1/discovery/discovered_apps/',
  member: 'apps',
  records: (state) => state.apps.filter(({ usersCount }) => usersCount > 0),
  id: ({ appId }) => appId,
  always: {},
  needs: {},
  sort: { sortField: 'usersCount', sortDirection: 'desc' },
  key: ({ usersCount }) => usersCount,
  arguments: {
    name: {
      values: () => ['drop', 'MICRO', 'o'].filter((part) => part.length > 1),
      filters: () => ({}),
      keeps: ({ name }, value) => contains(name, value),
    },
    app_id: {
      values: (state) => state.apps.filter(({ usersCount }) => usersCount > 0).map(({ appId }) => appId),
      filters: list('appId'),
      keeps: ({ appId }, value) => appId === value,
    },
    tag: {
      values: () => ['sanctioned', 'unsanctioned', 'monitored', 'none'],
      filters: (value) => ({ tag: { eq: [String(value).replace(/^./u, (first) => first.toUpperCase())] } }),
      keeps: ({ tags }, value) => (value === 'none' ? tags.length === 0 : tags.some((tag) => same(tag, value))),
    },
  },
};

const CATEGORIES = ['none', 'corporate', 'administrative', 'risky', 'vpn', 'cloud_provider', 'other'];

/** Whether a range of the demo tenant holds an address: there are those of IPv4, and one of 2001:db8:1::/48. */
function covers(cidr: string, ip: string): boolean {
  const [first = '', prefix] = cidr.split('/');
  if (first.includes(':') !== ip.includes(':')) return false;
  if (ip.includes(':')) return ip.startsWith('2001:db8:1:') && first === '2001:db8:1::';
  const number = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(prefix));
  return Math.floor(number(first) / size) === Math.floor(number(ip) / size);
}

const ipRanges: ListTool<State['subnets'][number]> = {
  path: '/api/v1/subnet/',
  member: 'ip_ranges',
  records: ({ subnets }) => subnets,
  id: ({ _id }) => _id,
  always: {},
  needs: {},
  sort: { sortField: 'name', sortDirection: 'asc' },
  key: ({ name }) => name,
  arguments: {
    ip: {
      values: () => ['192.0.2.17', '192.0.2.31', '203.0.113.128', '2001:db8:1::5', '2001:db8:2::5', '10.0.0.1'],
      filters: () => ({}),
      keeps: ({ subnets }, value) => subnets.some(({ originalString }) => covers(originalString, String(value))),
    },
    category: {
      values: () => CATEGORIES,
      filters: (value) => ({ category: { eq: [CATEGORIES.indexOf(String(value))] } }),
      keeps: ({ category }, value) => CATEGORIES[category] === value,
    },
  },
};

/** A list tool whose records are of whatever kind. */
export type Listed = <R>(use: <T>(tool: ListTool<T>) => R) => R;
const listed =
  <T>(tool: ListTool<T>): Listed =>
  (use) =>
    use(tool);

/** Every tool that lists, by its name. */
export const LISTS: Readonly<Record<string, Listed>> = {
  mdca_get_open_alerts: listed(openAlerts),
  mdca_get_activities: listed(activitiesOfUser),
  mdca_list_alerts: listed(alerts),
  mdca_list_activities: listed(activities),
  mdca_list_users: listed(users),
  mdca_list_files: listed(files),
  mdca_list_policies: listed(policies),
  mdca_find_apps: listed(apps),
  mdca_list_ip_ranges: listed(ipRanges),
};
