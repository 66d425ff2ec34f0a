// The records of the service in their wire shape (docs/defender-api.md 4 to 10).

/** docs/defender-api.md 4.3; `type` discriminates. */
export interface AlertEntity {
  type: string;
  id: string | number;
  label: string;
  policyType?: string;
  entityType?: number;
  entityRole?: string;
  saas?: number;
  inst?: number;
  pa?: string;
  em?: string;
}

/** docs/defender-api.md 4.2. `timestamp` in ms; `resolveTime` ISO-8601. */
export interface Alert {
  _id: string;
  contextId: string;
  timestamp: number;
  title: string;
  description: string;
  isMarkdown: boolean;
  entities: AlertEntity[];
  policy: AlertEntity;
  statusValue: number;
  severityValue: number;
  resolutionStatusValue: number;
  stories: number[];
  intent: number[];
  evidence: { title: { template: string; parameters: Record<string, unknown> } }[];
  isPreview: boolean;
  isSystemAlert: boolean;
  /** Ids of activities behind the alert. Many alerts have none. */
  audits?: string[];
  threatScore: number;
  idValue: number;
  comment: string | null;
  handledByUser: string | null;
  resolveTime: string | null;
  URL: string;
}

/** Entity key (docs/defender-api.md 2.4). */
export interface EntityKey {
  id: string;
  saas: number;
  inst: number;
}

interface ActivityEntity {
  displayName: string;
  id: EntityKey;
  resolved: boolean;
}

/** The stable part of docs/defender-api.md 5.2; times in ms. */
export interface Activity {
  _id: string;
  uid: string;
  tenantId: number;
  aadTenantId: string;
  appId: number;
  saasId: number;
  srcAppId: number;
  appName: string;
  timestamp: number;
  timestampRaw: number;
  instantiation: number;
  created: number;
  createdRaw: number;
  eventType: number;
  eventTypeValue: string;
  eventTypeName: string;
  genericEventType: string;
  description: string;
  description_id: string;
  description_metadata: Record<string, string>;
  user: { userName?: string; userTags: string[] };
  failedUserData?: { userName: string };
  device: { clientIP: string; userAgent: string; countryCode: string; tags: string[] };
  location: Record<string, string | number | boolean> & {
    countryCode: string;
    organizationSearchable: string;
    category: number;
  };
  userAgent: Record<string, unknown> & { deviceType: string; tags: string[] };
  mainInfo: {
    type: string;
    rawOperationName: string;
    prettyOperationName: string;
    activityResult?: { isSuccess: boolean; message: string };
    eventObjects: { objType: number; role: number; id: string; name: string; tags: string[] }[];
  };
  resolvedActor: Record<string, unknown>;
  entityData: { '0': ActivityEntity; '1': null; '2': ActivityEntity };
  classifications: string[];
  confidenceLevel: number;
  source: number;
  severity: string;
  /** The app's own record; `ObjectId` is the address of a file, where there is one. */
  rawDataJson: Record<string, unknown> & { ObjectId?: string[] };
}

/** Which activities the service itself joins with an alert; neither record tells it (docs/defender-api.md 5.3). */
export interface AlertActivity {
  alertId: string;
  activityId: string;
}

/** docs/defender-api.md 6.2; `lastModified` in ms, `alertDailyLimit` null = no limit. */
export interface Policy {
  _id: string;
  name: string;
  description: string;
  policyType: string;
  severity: string;
  enabled: boolean;
  alertsEnabled: boolean;
  alertDailyLimit: number | null;
  lastModified: number;
}

/** A discovered app: what T3, T5, T6 and T7 of docs/defender-api.md 7.1 tell about it. `score` 0 to 10. */
export interface App {
  appId: number;
  name: string;
  category: string;
  domains: string[];
  score: number;
  tags: string[];
  /** Cannot be unsanctioned (docs/defender-api.md 7.2). */
  isProtected: boolean;
  usersCount: number;
  ipAddressesCount: number;
  trafficTotalBytes: number;
  trafficUploadedBytes: number;
  trafficTotalEvents: number;
  /** ms */
  lastUsed: number;
}

/** docs/defender-api.md 8.2. */
export interface Entity {
  _id: string;
  id: string;
  ii: string;
  type: number;
  status: number;
  displayName: string;
  email: string | null;
  domain: string | null;
  username: string;
  role: string | null;
  organization: string | null;
  isAdmin: boolean;
  /** Null where the service does not know. */
  isExternal: boolean | null;
  isFake: boolean;
  idType: number;
  sid: string | null;
  appData: { appId: number; name: string; saas: number; instance: number };
  userGroups: { _id: string; id: string; name: string; description: string; usersCount: number }[];
  identifiers: string[];
  subApps: { appId: number; name: string }[];
  actions: string[];
  /** ISO-8601; null for an account that was never used. */
  lastSeen: string | null;
  /** Null for an account in a further app. */
  threatScore: number | null;
  threatScoreHistory: { dateUtc: number; score: number }[];
}

/** docs/defender-api.md 9. */
export interface Subnet {
  _id: string;
  _tid: number;
  name: string;
  subnets: { mask: number; address: string; originalString: string }[];
  /** Null where the service has not found one yet. */
  location: { name: string; latitude: number; longitude: number; countryCode: string; countryName: string } | null;
  organization: string | null;
  tags: { id: string; name: string }[];
  category: number;
  /** A float of ms, as the service sends it. */
  lastModified: number;
}
