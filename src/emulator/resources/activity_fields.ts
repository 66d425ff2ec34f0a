import { rangeHolds } from '../cidr.ts';
import { type Fields, field, known } from '../query/filter.ts';
import { entityKey, flag, number, objectId, word, wordOrNull } from '../query/kinds.ts';
import type { Activity, Subnet } from '../records.ts';
import type { State } from '../state.ts';

const EQ = ['eq'] as const;
const EQ_NEQ = ['eq', 'neq'] as const;
const SET = ['eq', 'neq', 'isset', 'isnotset'] as const;
const DATE = ['lte', 'gte', 'range', 'lte_ndays', 'gte_ndays'] as const;

/** docs/defender-api.md 5.4 */
const ANONYMOUS_PROXY = '000000030000000000000000';

const userName = ({ user }: Activity) => (user.userName === undefined ? [] : [user.userName]);
const userId = ({ entityData }: Activity) => entityData['2'].id.id;
const objectsOf = ({ mainInfo }: Activity) => mainInfo.eventObjects.flatMap(({ id, name }) => [id, name]);
const isBlocked = ({ mainInfo }: Activity) => mainInfo.rawOperationName.endsWith('Blocked');
const categoryOf = ({ eventTypeName, eventTypeValue }: Activity) => [eventTypeName, eventTypeValue];
const typeOf = ({ appId, eventTypeValue, mainInfo }: Activity) =>
  `${appId}:${eventTypeValue}:${mainInfo.rawOperationName}`;

/** The filters of docs/defender-api.md 5.3. */
export function activityFields(state: State): Fields<Activity> {
  return { ...fields, ...fieldsOfOtherRecords(state) };
}

const fields: Fields<Activity> = {
  service: field(number, EQ_NEQ, (it) => [it.appId]),
  instance: field(number, EQ_NEQ, (it) => [it.entityData['2'].id.inst]),
  actionType: field(word, [...SET, 'contains'], (it) => [typeOf(it)]),
  'activity.actionType': field(word, EQ, (it) => [typeOf(it)]),
  'activity.eventActionType': field(word, EQ_NEQ, categoryOf),
  'activity.eventType': field(word, EQ, categoryOf),
  'activity.id': field(word, EQ, (it) => [it._id]),
  'activity.impersonated': field(flag, EQ, () => [false]),
  'activity.type': field(flag, EQ, (it) => [it.classifications.includes('admin')]),
  'activity.takenAction': field(wordOrNull, EQ_NEQ, (it) => [isBlocked(it) ? 'block' : null]),
  activityObject: field(word, EQ_NEQ, objectsOf),
  fileId: field(word, EQ, objectsOf),
  fileSelector: field(word, EQ_NEQ, objectsOf),
  office365url: field(word, ['startswith', 'eq', 'endswith'], (it) => it.rawDataJson.ObjectId ?? []),
  'device.type': field(wordOrNull, EQ_NEQ, (it) => [it.userAgent.deviceType]),
  'device.tags': field(word, EQ_NEQ, (it) => it.device.tags),
  'userAgent.userAgent': field(word, ['contains', 'ncontains'], (it) => [it.device.userAgent]),
  'userAgent.tags': field(word, EQ_NEQ, (it) => it.userAgent.tags),
  'location.country': field(word, SET, (it) => [it.location.countryCode]),
  'location.organizations': field(word, [...SET, 'contains'], (it) => [it.location.organizationSearchable]),
  'ip.address': field(word, [...SET, 'startswith', 'doesnotstartwith'], (it) => [it.device.clientIP]),
  'ip.category': field(number, EQ_NEQ, (it) => [it.location.category]),
  text: field(word, ['eq', 'startswithsingle', 'text'], (it) => [it.description]),
  date: field(number, DATE, (it) => [it.timestamp]),
  created: field(number, ['lte', 'gte', 'range', 'gt', 'lt', 'eq'], (it) => [it.created]),
  source: field(number, EQ_NEQ, (it) => [it.source]),
  entity: field(entityKey, [...SET, 'startswith'], (it) => [it.entityData['0'].id, it.entityData['2'].id]),
  'user.username': field(word, [...SET, 'startswith'], userName),
  'user.tags': field(word, [...SET, 'startswith'], (it) => it.user.userTags),
  'user.domain': field(word, SET, (it) => userName(it).map((name) => name.replace(/^.*@/, ''))),
};

/** What an activity does not tell by itself: its alerts, its user, labels of its files, tags of its address. */
function fieldsOfOtherRecords(state: State): Fields<Activity> {
  const alertsOf = once(() => grouped(state.alertActivities, ({ activityId, alertId }) => [activityId, alertId]));
  const policies = once(() => new Map(state.alerts.map((alert) => [alert._id, String(alert.policy.id)])));
  const departments = once(() => new Map(state.entities.map(({ id, organization }) => [id, organization])));
  const labels = once(() => new Map(state.files.map(({ id, fTags }) => [id, fTags])));
  const alertIds = (it: Activity) => alertsOf().get(it._id) ?? [];
  return {
    'activity.alertId': field(objectId, EQ, alertIds),
    policy: field(objectId, SET, (it) => alertIds(it).flatMap((id) => policies().get(id) ?? [])),
    'user.orgUnit': field(word, SET, (it) => known(departments().get(userId(it)))),
    fileLabels: field(word, EQ, (it) => objectsOf(it).flatMap((id) => labels().get(id) ?? [])),
    'ip.tags': field(word, EQ_NEQ, (it) => ipTags(it, state.subnets)),
  };
}

function ipTags({ device, location }: Activity, ranges: readonly Subnet[]): string[] {
  const holding = ranges.filter((range) => rangeHolds(range, device.clientIP));
  const tags = holding.flatMap((range) => range.tags.map((tag) => tag.id));
  return location.anonymousProxy === true ? [ANONYMOUS_PROXY, ...tags] : tags;
}

/** Computes on the first use: most calls use none of these fields. */
function once<T>(compute: () => T): () => T {
  let value: T | undefined;
  return () => {
    value ??= compute();
    return value;
  };
}

function grouped<T>(records: readonly T[], pair: (record: T) => [string, string]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const [key, value] of records.map(pair)) {
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
