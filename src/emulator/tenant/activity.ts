import type { Activity } from '../records.ts';
import { appName } from './apps.ts';
import { APPS, type Deed } from './deeds.ts';
import { fileUrl } from './files.ts';
import { activityId, TENANT } from './ids.ts';
import { vary } from './vary.ts';

/** The least and the most time between an event, when the service collects it, and when it saves it, ms. */
const DELAY = { least: 4_000, most: 27_000 };

/** Types of each category; all numbers but 2293761 and 233580 are invented (docs/defender-api.md 5.4). */
const EVENTS: Record<Deed['category'], { type: number; generic: string; kind: string }> = {
  LOGIN: { type: 2293760, generic: 'LOGIN', kind: 'login' },
  FAILED_LOGIN: { type: 2293761, generic: 'FAILED_LOGIN', kind: 'failedLogin' },
  DOWNLOAD_FILE: { type: 233570, generic: 'DOWNLOAD_FILE', kind: 'download' },
  DELETE_OBJECT: { type: 233571, generic: 'DELETE_OBJECT', kind: 'delete' },
  CREATE_USER: { type: 233572, generic: 'CREATE_USER', kind: 'create' },
  UNSPECIFIED: { type: 233580, generic: 'BASIC', kind: 'basic' },
};

const WORKLOADS: Record<number, string> = {
  [APPS.oneDrive]: 'ONEDRIVE',
  [APPS.sharePoint]: 'SHAREPOINT',
  [APPS.exchange]: 'EXCHANGE',
  [APPS.teams]: 'TEAMS',
};

/** What stands in `device.tags` for a device that the company manages; the word is invented. */
const COMPLIANT = 'compliant';

/** `source` (docs/defender-api.md 5.4) */
const SESSION_CONTROL = 1;
const APP_CONNECTOR = 2;

const CATEGORY_WORDS = ['NONE', 'CORPORATE', 'ADMINISTRATIVE', 'RISKY', 'VPN', 'CLOUD_PROVIDER', 'OTHER'];

/** A deed in the wire shape of docs/defender-api.md 5.2. `at` in ms; `seed` makes the id. */
export function toActivity(deed: Deed, at: number, seed: string): Activity {
  const isSignIn = deed.category === 'LOGIN' || deed.category === 'FAILED_LOGIN';
  const id = activityId(seed, deed.app, isSignIn);
  const name = appName(deed.app);
  const delay = DELAY.least + vary(seed, DELAY.most - DELAY.least);
  return {
    _id: id,
    uid: id,
    tenantId: TENANT.number,
    aadTenantId: TENANT.contextId,
    appId: deed.app,
    saasId: deed.app,
    srcAppId: APPS.office,
    appName: name,
    timestamp: at,
    timestampRaw: at,
    instantiation: at + delay,
    created: at + 2 * delay,
    createdRaw: at + 2 * delay,
    ...eventOf(deed),
    ...actorOf(deed),
    ...originOf(deed),
    mainInfo: mainInfoOf(deed),
    classifications: [...(isSignIn ? ['access'] : []), ...(deed.isAdminEvent ? ['admin'] : [])],
    confidenceLevel: 20,
    source: deed.operation.endsWith('Blocked') ? SESSION_CONTROL : APP_CONNECTOR,
    severity: 'INFO',
    rawDataJson: {
      Operation: deed.operation,
      Workload: name,
      CreationTime: new Date(at).toISOString(),
      ...(deed.isFile && deed.object && { ObjectId: [fileUrl(deed.session.who, deed.app, deed.object.name)] }),
    },
  };
}

function eventOf({ category, app, operation, text, object }: Deed) {
  const { type, generic } = EVENTS[category];
  const values: Partial<Record<Deed['category'], string>> = {
    LOGIN: 'EVENT_AAD_LOGIN',
    FAILED_LOGIN: 'EVENT_AAD_LOGIN_FAILED',
  };
  return {
    eventType: type,
    eventTypeValue: values[category] ?? `EVENT_O365_${WORKLOADS[app] ?? 'OTHER'}_GENERIC`,
    eventTypeName: `EVENT_CATEGORY_${category}`,
    genericEventType: `ENUM_ACTIVITY_GENERIC_TYPE_${generic}`,
    description: text,
    description_id: 'EVENT_DESCRIPTION_BASIC_EVENT',
    description_metadata: { operation_name: operation, target_object: object?.name ?? '', colon: '', dash: '' },
  };
}

function actorOf({ session: { who }, failure }: Deed) {
  const userTags = who.isExternal ? ['000000200000000000000000'] : [];
  const account = (id: string) => ({ displayName: who.name, id: { id, saas: 11161, inst: 0 }, resolved: true });
  return {
    // A failed log-on has no user yet, only a name that was tried (docs/defender-api.md 5.2).
    user: failure === undefined ? { userName: who.upn, userTags } : { userTags },
    ...(failure !== undefined && { failedUserData: { userName: who.upn } }),
    resolvedActor: {
      id: who.id,
      name: who.name,
      objType: '23',
      role: '4',
      saasId: '11161',
      instanceId: '0',
      tags: userTags,
      resolved: true,
    },
    entityData: { '0': account(who.upn), '1': null, '2': account(who.id) },
  };
}

function originOf({ session: { place, device } }: Deed) {
  const { ip, country, city, latitude, longitude, organization, category, anonymous } = place;
  return {
    device: { clientIP: ip, userAgent: device.agent, countryCode: country, tags: device.isManaged ? [COMPLIANT] : [] },
    location: {
      countryCode: country,
      city,
      region: city,
      latitude,
      longitude,
      carrier: organization,
      organizationSearchable: organization,
      anonymousProxy: anonymous,
      isSatelliteProvider: false,
      category,
      categoryValue: CATEGORY_WORDS[category] ?? 'NONE',
    },
    userAgent: {
      family: device.family,
      name: device.name,
      type: device.type === 'DESKTOP' ? 'Browser' : 'Application',
      typeName: device.type === 'DESKTOP' ? 'Browser' : 'Application',
      deviceType: device.type,
      nativeBrowser: device.type !== 'DESKTOP',
      operatingSystem: { name: device.system, family: device.system.replace(/ \d+$/, '') },
      os: device.system,
      browser: device.family,
      tags: [...device.tags],
    },
  };
}

function mainInfoOf({ session: { who }, category, operation, object, failure }: Deed): Activity['mainInfo'] {
  const actor = { objType: 23, role: 4, id: who.id, name: who.name, tags: [] };
  return {
    type: EVENTS[category].kind,
    rawOperationName: operation,
    prettyOperationName: operation,
    ...(failure !== undefined && { activityResult: { isSuccess: false, message: failure } }),
    eventObjects: object ? [{ objType: 1, role: 3, tags: [], ...object }, actor] : [actor],
  };
}
