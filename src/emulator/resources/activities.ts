import type { HandlerCall } from '../handler.ts';
import { isRecord } from '../json.ts';
import { type Fields, field } from '../query/filter.ts';
import { entityKey, flag, number, objectId, word } from '../query/kinds.ts';
import { type Listing, list, select, wholeNumber } from '../query/list_reply.ts';
import type { Activity } from '../records.ts';
import { notFound, notValid, ok, type Reply } from '../reply.ts';
import type { State } from '../state.ts';

const EQ = ['eq'] as const;
const EQ_NEQ = ['eq', 'neq'] as const;
const SET = ['eq', 'neq', 'isset', 'isnotset'] as const;
const DATE = ['lte', 'gte', 'range', 'lte_ndays', 'gte_ndays'] as const;

/** Records per scan page; the minimum is the default (docs/defender-api.md 3.3). */
const SCAN = { min: 500, max: 5000 };

const userName = ({ user }: Activity) => (user.userName === undefined ? [] : [user.userName]);
const objectsOf = ({ mainInfo }: Activity) => mainInfo.eventObjects.flatMap(({ id, name }) => [id, name]);

/** The filters of docs/defender-api.md 5.3, as far as the state has the data. */
function activityFields({ alerts }: State): Fields<Activity> {
  const alertsWith = (activity: Activity) => alerts.filter((alert) => alert.audits.includes(activity._id));
  const typeOf = ({ appId, eventTypeValue, mainInfo }: Activity) =>
    `${appId}:${eventTypeValue}:${mainInfo.rawOperationName}`;
  const categoryOf = ({ eventTypeName, eventTypeValue }: Activity) => [eventTypeName, eventTypeValue];
  return {
    service: field(number, EQ_NEQ, (it) => [it.appId]),
    instance: field(number, EQ_NEQ, (it) => [it.entityData['2'].id.inst]),
    actionType: field(word, [...SET, 'contains'], (it) => [typeOf(it)]),
    'activity.actionType': field(word, EQ_NEQ, (it) => [typeOf(it)]),
    'activity.eventActionType': field(word, EQ_NEQ, categoryOf),
    'activity.eventType': field(word, EQ_NEQ, categoryOf),
    'activity.id': field(word, EQ, (it) => [it._id]),
    'activity.impersonated': field(flag, EQ, () => [false]),
    'activity.type': field(flag, EQ, (it) => [it.classifications.includes('admin')]),
    'activity.alertId': field(objectId, EQ, (it) => alertsWith(it).map((alert) => alert._id)),
    activityObject: field(word, EQ_NEQ, objectsOf),
    fileId: field(word, EQ, objectsOf),
    'device.type': field(word, EQ_NEQ, (it) => [it.userAgent.deviceType]),
    'userAgent.userAgent': field(word, ['contains', 'ncontains'], (it) => [it.device.userAgent]),
    'userAgent.tags': field(word, EQ_NEQ, (it) => it.userAgent.tags),
    'location.country': field(word, SET, (it) => [it.location.countryCode]),
    'location.organizations': field(word, [...SET, 'contains'], (it) => [it.location.organizationSearchable]),
    'ip.address': field(word, [...SET, 'startswith', 'doesnotstartwith'], (it) => [it.device.clientIP]),
    'ip.category': field(number, EQ_NEQ, (it) => [it.location.category]),
    text: field(word, ['eq', 'startswithsingle', 'text'], (it) => [it.description]),
    date: field(number, DATE, (it) => [it.timestamp]),
    created: field(number, ['lte', 'gte', 'range', 'gt', 'lt', 'eq'], (it) => [it.created]),
    policy: field(objectId, SET, (it) => alertsWith(it).map((alert) => String(alert.policy.id))),
    source: field(number, EQ_NEQ, (it) => [it.source]),
    entity: field(entityKey, SET, (it) => [it.entityData['0'].id, it.entityData['2'].id]),
    'user.username': field(word, [...SET, 'startswith'], userName),
    'user.tags': field(word, [...SET, 'startswith'], (it) => it.user.userTags),
    'user.domain': field(word, SET, (it) => userName(it).map((name) => name.replace(/^.*@/, ''))),
  };
}

/** C1 of docs/defender-api.md 5.1. */
export function listActivities(call: HandlerCall): Reply {
  const listing = {
    fields: activityFields(call.state),
    sorts: { date: (it: Activity) => it.timestamp, created: (it: Activity) => it.created },
  };
  return call.input.isScan === true ? scan(call, listing) : list(call, call.state.activities, listing);
}

/** C2 of docs/defender-api.md 5.1. */
export function fetchActivity({ state, params }: HandlerCall): Reply {
  const activity = state.activities.find((it) => it._id === params.id);
  return activity ? ok(activity) : notFound();
}

/**
 * Scan mode (docs/defender-api.md 3.3). A page leaves out records with the time of the record that follows the page,
 * and `nextQueryFilters` continues at that time, so that no record is listed twice.
 */
function scan(call: HandlerCall, listing: Listing<Activity>): Reply {
  const limit = wholeNumber(call.input.limit, SCAN.min);
  if (limit === undefined) return notValid([String(call.input.limit)]);
  const selection = select(call, call.state.activities, listing);
  if ('invalid' in selection) return notValid(selection.invalid);
  const { found } = selection;
  const size = Math.max(SCAN.min, Math.min(limit, SCAN.max));
  const next = found[size];
  if (!next) return ok({ data: found, hasNext: false });
  const time = call.input.sortField === 'created' ? 'created' : 'timestamp';
  const data = found.slice(0, size).filter((it) => it[time] !== next[time]);
  return ok({ data, hasNext: true, nextQueryFilters: continueAt(call, next[time]) });
}

function continueAt({ input }: HandlerCall, time: number): Record<string, unknown> {
  const filters = isRecord(input.filters) ? input.filters : {};
  const name = input.sortField === 'created' ? 'created' : 'date';
  const conditions = isRecord(filters[name]) ? filters[name] : {};
  return { ...filters, [name]: { ...conditions, [input.sortDirection === 'asc' ? 'gte' : 'lte']: time } };
}
