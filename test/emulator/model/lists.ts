import type { Emulator } from '../../../src/emulator/emulator.ts';
import { DATE, EQ, EQ_NEQ, type Field, holds, SET, TIME } from './scan.ts';

type State = Emulator['state'];
type Alert = State['alerts'][number];
type Activity = State['activities'][number];
type FileRecord = State['files'][number];

/** One list of the service, as docs/defender-api.md describes it. */
export interface List<T> {
  path: string;
  /** What the list holds for a request with these filters, before they are applied. */
  records(state: State, filters: Readonly<Record<string, Record<string, unknown>>>): readonly T[];
  id(record: T): string | number;
  fields: Readonly<Record<string, Field<T, State>>>;
  sorts: Readonly<Record<string, (record: T) => string | number>>;
  /** The operator by its wire name means something else. */
  meaning?: Readonly<Record<string, string>>;
}

const of = (alert: Alert, type: string) => alert.entities.filter((it) => it.type === type).map(({ id }) => id);
const given = <T>(value: T | null | undefined): T[] => (value === null || value === undefined ? [] : [value]);

export const alerts: List<Alert> = {
  path: '/api/v1/alerts/',
  records: (state) => state.alerts,
  id: ({ _id }) => _id,
  fields: {
    'entity.entity': {
      kind: 'key',
      operators: EQ_NEQ,
      values: (it) =>
        it.entities.filter(({ type }) => type === 'account').map(({ id, saas, inst }) => ({ id, saas, inst })),
    },
    'entity.ip': { kind: 'text', operators: EQ_NEQ, values: (it) => of(it, 'ip') },
    'entity.service': { kind: 'number', operators: EQ_NEQ, values: (it) => of(it, 'service') },
    'entity.instance': { kind: 'number', operators: EQ_NEQ, values: (it) => it.entities.flatMap((e) => given(e.inst)) },
    'entity.policy': { kind: 'id', operators: EQ_NEQ, values: (it) => of(it, 'policyRule') },
    'entity.file': { kind: 'text', operators: EQ_NEQ, values: (it) => of(it, 'file') },
    'entity.user': { kind: 'text', operators: EQ, values: (it) => of(it, 'user') },
    alertOpen: { kind: 'flag', operators: EQ, values: (it) => [it.resolutionStatusValue === 0] },
    severity: { kind: 'number', operators: EQ_NEQ, values: (it) => [it.severityValue] },
    resolutionStatus: { kind: 'number', operators: EQ_NEQ, values: (it) => [it.resolutionStatusValue] },
    read: { kind: 'flag', operators: EQ, values: (it) => [it.statusValue !== 0] },
    date: { kind: 'time', operators: DATE, values: (it) => [it.timestamp] },
    resolutionDate: { kind: 'time', operators: TIME, values: (it) => given(it.resolveTime).map(Date.parse) },
    risk: {
      kind: 'number',
      operators: EQ_NEQ,
      values: (it, { apps }) => apps.filter(({ appId }) => of(it, 'service').includes(appId)).map((app) => app.score),
    },
    alertType: { kind: 'number', operators: EQ_NEQ, values: (it) => [it.idValue] },
    id: { kind: 'id', operators: EQ_NEQ, values: (it) => [it._id] },
    source: {
      kind: 'text',
      operators: EQ,
      values: (it) => [/ANOMALY/.test(it.policy.policyType ?? '') ? 'built-in' : 'policy'],
    },
  },
  sorts: { date: (it) => it.timestamp, severity: (it) => [1, 2, 3, 0][it.severityValue] ?? 0 },
};

const name = ({ user }: Activity) => given(user.userName);
const objects = ({ mainInfo }: Activity) => mainInfo.eventObjects.flatMap((object) => [object.id, object.name]);
const linked = (it: Activity, { alertActivities }: State) =>
  alertActivities.filter(({ activityId }) => activityId === it._id).map(({ alertId }) => alertId);
const action = (it: Activity) => `${it.appId}:${it.eventTypeValue}:${it.mainInfo.rawOperationName}`;

export const activities: List<Activity> = {
  path: '/api/v1/activities/',
  records: (state) => state.activities,
  id: ({ _id }) => _id,
  fields: {
    service: { kind: 'number', operators: EQ_NEQ, values: (it) => [it.appId] },
    instance: { kind: 'number', operators: EQ_NEQ, values: () => [0] },
    'user.orgUnit': {
      kind: 'text',
      operators: SET,
      values: (it, { entities }) =>
        given(entities.find(({ id }) => id === it.entityData['2'].id.id)).flatMap((user) => given(user.organization)),
    },
    actionType: { kind: 'text', operators: [...SET, 'contains'], values: (it) => [action(it)] },
    'activity.actionType': { kind: 'text', operators: EQ, values: (it) => [action(it)] },
    'activity.eventActionType': {
      kind: 'text',
      operators: EQ_NEQ,
      values: (it) => [it.eventTypeName, it.eventTypeValue],
    },
    'activity.eventType': { kind: 'text', operators: EQ, values: (it) => [it.eventTypeName, it.eventTypeValue] },
    'activity.id': { kind: 'text', operators: EQ, values: (it) => [it._id] },
    'activity.impersonated': { kind: 'flag', operators: EQ, values: () => [false] },
    'activity.type': { kind: 'flag', operators: EQ, values: (it) => [it.classifications.includes('admin')] },
    'activity.takenAction': {
      kind: 'text',
      operators: EQ_NEQ,
      values: (it) => [/Blocked$/.test(it.mainInfo.rawOperationName) ? 'block' : null],
    },
    'device.type': { kind: 'text', operators: EQ_NEQ, values: (it) => [it.userAgent.deviceType] },
    'device.tags': { kind: 'text', operators: EQ_NEQ, values: (it) => it.device.tags },
    'userAgent.userAgent': {
      kind: 'text',
      operators: ['contains', 'ncontains'],
      values: (it) => [it.device.userAgent],
    },
    'userAgent.tags': { kind: 'text', operators: EQ_NEQ, values: (it) => it.userAgent.tags },
    'location.country': { kind: 'text', operators: SET, values: (it) => [it.location.countryCode] },
    'location.organizations': {
      kind: 'text',
      operators: [...SET, 'contains'],
      values: (it) => [it.location.organizationSearchable],
    },
    'ip.address': {
      kind: 'text',
      operators: [...SET, 'startswith', 'doesnotstartwith'],
      values: (it) => [it.device.clientIP],
    },
    'ip.category': { kind: 'number', operators: EQ_NEQ, values: (it) => [it.location.category] },
    'ip.tags': {
      kind: 'text',
      operators: EQ_NEQ,
      values: (it, { subnets }) => [
        ...(it.location.anonymousProxy ? ['000000030000000000000000'] : []),
        ...subnets
          .filter((range) =>
            holds(
              range.subnets.map((cidr) => cidr.originalString),
              it.device.clientIP,
            ),
          )
          .flatMap((range) => range.tags.map(({ id }) => id)),
      ],
    },
    fileSelector: { kind: 'text', operators: EQ_NEQ, values: objects },
    fileId: { kind: 'text', operators: EQ, values: objects },
    fileLabels: {
      kind: 'text',
      operators: EQ,
      values: (it, { files }) => files.filter(({ id }) => objects(it).includes(id)).flatMap(({ fTags }) => fTags),
    },
    office365url: {
      kind: 'text',
      operators: ['startswith', 'eq', 'endswith'],
      values: (it) => it.rawDataJson.ObjectId ?? [],
    },
    text: { kind: 'text', operators: ['eq', 'startswithsingle', 'text'], values: (it) => [it.description] },
    date: { kind: 'time', operators: DATE, values: (it) => [it.timestamp] },
    created: { kind: 'time', operators: [...TIME, 'gt', 'lt', 'eq'], values: (it) => [it.created] },
    policy: {
      kind: 'id',
      operators: SET,
      values: (it, state) =>
        linked(it, state).flatMap((id) => given(state.alerts.find(({ _id }) => _id === id)).map((a) => a.policy.id)),
    },
    source: { kind: 'number', operators: EQ_NEQ, values: (it) => [it.source] },
    'activity.alertId': { kind: 'id', operators: EQ, values: linked },
    activityObject: { kind: 'text', operators: EQ_NEQ, values: objects },
    entity: {
      kind: 'key',
      operators: [...SET, 'startswith'],
      values: ({ entityData }) => [entityData['0'].id, entityData['2'].id],
    },
    'user.username': { kind: 'text', operators: [...SET, 'startswith'], values: name },
    'user.tags': { kind: 'text', operators: [...SET, 'startswith'], values: (it) => it.user.userTags },
    'user.domain': { kind: 'text', operators: SET, values: (it) => name(it).map((upn) => upn.split('@')[1]) },
  },
  sorts: { date: (it) => it.timestamp, created: (it) => it.created },
};

const keyOf = ({ id, appData }: State['entities'][number]) => ({ id, saas: appData.saas, inst: appData.instance });

export const entities: List<State['entities'][number]> = {
  path: '/api/v1/entities/',
  records: (state) => state.entities,
  id: ({ _id }) => _id,
  fields: {
    type: { kind: 'number', operators: EQ_NEQ, values: (it) => [it.type] },
    isAdmin: { kind: 'flag', operators: EQ, values: (it) => [it.isAdmin] },
    entity: {
      kind: 'key',
      operators: EQ_NEQ,
      values: (it, state) => [
        keyOf(it),
        ...state.entities.filter(({ type, email }) => type === 2 && email === it.email).map(keyOf),
      ],
    },
    userGroups: { kind: 'text', operators: EQ_NEQ, values: (it) => it.userGroups.map(({ id }) => id) },
    app: {
      kind: 'number',
      operators: EQ_NEQ,
      values: (it) => [it.appData.appId, ...it.subApps.map(({ appId }) => appId)],
    },
    instance: { kind: 'number', operators: EQ_NEQ, values: (it) => [it.appData.instance] },
    isExternal: { kind: 'flag', operators: EQ, values: (it) => [it.isExternal] },
    domain: { kind: 'text', operators: SET, values: (it) => given(it.domain) },
    organization: { kind: 'text', operators: SET, values: (it) => given(it.organization) },
    status: { kind: 'number', operators: EQ_NEQ, values: (it) => [it.status] },
  },
  sorts: {
    date: (it) => it.lastSeen ?? '',
    lastSeen: (it) => it.lastSeen ?? '',
    severity: (it) => it.threatScore ?? -1,
    username: (it) => it.displayName,
  },
};

const ownerOf = (it: FileRecord, state: State) =>
  state.entities.filter(({ type, email }) => type === 2 && email === it.ownerAddress);

export const files: List<FileRecord> = {
  path: '/api/v1/files/',
  records: ({ files: all }, { allowDeleted, trashed }) =>
    trashed || [allowDeleted?.eq].flat().includes(true) ? all : all.filter(({ fileStatus }) => fileStatus[0] !== 2),
  id: ({ _id }) => _id,
  fields: {
    service: { kind: 'number', operators: EQ_NEQ, values: (it) => [it.appId] },
    instance: { kind: 'number', operators: EQ_NEQ, values: (it) => [it.instId] },
    fileType: { kind: 'number', operators: EQ_NEQ, values: (it) => [it.fileType[0]] },
    allowDeleted: { kind: 'flag', operators: EQ, values: () => [true, false] },
    policy: {
      kind: 'id',
      operators: ['cabinetmatchedrulesequals', 'neq', 'isset', 'isnotset'],
      values: (it, { filePolicies }) =>
        filePolicies.filter(({ fileId }) => fileId === it._id).map(({ policyId }) => policyId),
    },
    filename: { kind: 'text', operators: ['eq', 'text'], values: (it) => [it.name] },
    modifiedDate: { kind: 'time', operators: DATE, values: (it) => [it.modifiedDate] },
    createdDate: { kind: 'time', operators: TIME, values: (it) => [it.createdDate] },
    'collaborators.entity': {
      kind: 'key',
      operators: EQ_NEQ,
      values: (it) => it.collaborators.flatMap(({ id }) => given(id)),
    },
    'collaborators.users': {
      kind: 'text',
      operators: EQ_NEQ,
      values: (it) => it.collaborators.map(({ email }) => email),
    },
    'collaborators.domains': { kind: 'text', operators: EQ_NEQ, values: (it) => it.domains },
    'collaborators.groups': { kind: 'text', operators: EQ_NEQ, values: (it) => it.groups },
    'collaborators.withDomain': { kind: 'text', operators: [...EQ_NEQ, 'deq'], values: (it) => it.domains },
    'owner.entity': { kind: 'key', operators: EQ_NEQ, values: (it, state) => ownerOf(it, state).map(keyOf) },
    'owner.orgUnit': {
      kind: 'text',
      operators: EQ_NEQ,
      values: (it, state) => ownerOf(it, state).flatMap(({ organization }) => given(organization)),
    },
    'owner.username': { kind: 'text', operators: EQ_NEQ, values: (it) => [it.ownerAddress] },
    sharing: { kind: 'number', operators: EQ_NEQ, values: (it) => [it.fileAccessLevel[0]] },
    fileId: { kind: 'text', operators: EQ_NEQ, values: (it) => [it._id, it.id] },
    fileLabels: { kind: 'text', operators: SET, values: (it) => it.fTags },
    fileScanLabels: { kind: 'text', operators: SET, values: () => [] },
    extension: { kind: 'text', operators: EQ_NEQ, values: (it) => [it.fileExtension] },
    mimeType: { kind: 'text', operators: EQ_NEQ, values: (it) => [it.mimeType] },
    trashed: { kind: 'flag', operators: EQ, values: (it) => [it.fileStatus[0] === 1] },
    folder: { kind: 'flag', operators: EQ, values: (it) => [it.isFolder] },
    quarantined: { kind: 'flag', operators: EQ, values: (it) => [it.quarantined] },
    parentFolder: { kind: 'text', operators: EQ_NEQ, values: (it) => [it.parentId] },
    snapshotLastModifiedDate: {
      kind: 'time',
      operators: TIME,
      values: (it) => [Date.parse(it.snapshotLastModifiedDate)],
    },
  },
  sorts: { modifiedDate: (it) => it.modifiedDate },
};

export const subnets: List<State['subnets'][number]> = {
  path: '/api/v1/subnet/',
  records: (state) => state.subnets,
  id: ({ _id }) => _id,
  fields: {
    category: { kind: 'number', operators: EQ_NEQ, values: (it) => [it.category] },
    tags: { kind: 'text', operators: EQ_NEQ, values: (it) => it.tags.flatMap((tag) => [tag.id, tag.name]) },
    builtIn: { kind: 'flag', operators: EQ, values: (it) => [/^0{8}/.test(it._id)] },
  },
  sorts: { name: (it) => it.name, category: (it) => it.category, tags: (it) => it.tags.map((tag) => tag.name).join() },
};

export const policies: List<State['policies'][number]> = {
  path: '/cas/api/v1/policies/',
  records: (state) => state.policies,
  id: ({ _id }) => _id,
  fields: { type: { kind: 'text', operators: EQ, values: (it) => [it.policyType] } },
  sorts: { severity: (it) => ['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH'].indexOf(it.severity) },
};

export const discovered: List<State['apps'][number]> = {
  path: '/cas/api/v1/discovery/discovered_apps/',
  records: (state) => state.apps.filter(({ usersCount }) => usersCount > 0),
  id: ({ appId }) => appId,
  fields: {
    appId: { kind: 'number', operators: EQ, values: (it) => [it.appId] },
    tag: { kind: 'text', operators: EQ, values: (it) => (it.tags.length > 0 ? it.tags : ['None']) },
    score: { kind: 'number', operators: EQ, values: (it) => [it.score] },
    users: { kind: 'number', operators: ['lt', 'gt'], values: (it) => [it.usersCount] },
    'user.entity': {
      kind: 'key',
      operators: EQ,
      values: (it, state) =>
        state.activities.filter(({ appId }) => appId === it.appId).map(({ entityData }) => entityData['2'].id),
    },
  },
  sorts: {
    name: (it) => it.name,
    score: (it) => it.score,
    usersCount: (it) => it.usersCount,
    ipAddressesCount: (it) => it.ipAddressesCount,
    lastUsed: (it) => it.lastUsed,
    trafficUploadedBytes: (it) => it.trafficUploadedBytes,
    trafficTotalEvents: (it) => it.trafficTotalEvents,
  },
  meaning: { 'score eq': 'bounds' },
};

export const catalogue: List<State['apps'][number]> = {
  path: '/cas/api/v1/discovery/app_catalog/',
  records: (state) => state.apps,
  id: ({ appId }) => appId,
  fields: {
    appId: { kind: 'number', operators: EQ, values: (it) => [it.appId] },
    name: { kind: 'text', operators: ['eq', 'contains'], values: (it) => [it.name] },
    domainList: { kind: 'text', operators: EQ, values: (it) => it.domains },
  },
  sorts: { name: (it) => it.name, score: (it) => it.score },
};
