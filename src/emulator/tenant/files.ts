import type { FileRecord } from '../file_records.ts';
import { appName } from './apps.ts';
import { fileId, objectId, quickGuid, TENANT } from './ids.ts';
import type { Person } from './people.ts';
import type { PolicyName } from './policies.ts';
import { vary } from './vary.ts';

/** `fileAccessLevel` of docs/defender-api.md 8.3: the number is the index. */
const SHARING = ['PRIVATE', 'INTERNAL', 'EXTERNAL', 'PUBLIC', 'PUBLIC_INTERNET'] as const;
const STATUS = ['EXISTS', 'TRASHED', 'DELETED'] as const;

const ONE_DRIVE = 15600;

/** A file as an incident describes it. */
export interface SharedFile {
  name: string;
  app?: number;
  sharing?: (typeof SHARING)[number];
  /** UPNs and addresses of those with whom it is shared. */
  sharedWith?: readonly string[];
  labels?: readonly string[];
  /** Policies that it matches. */
  policies?: readonly PolicyName[];
  status?: (typeof STATUS)[number];
  quarantined?: boolean;
}

/** By extension: `fileType` of docs/defender-api.md 8.3 with its word, and the MIME type. */
const TYPES: Record<string, readonly [number, string, string]> = {
  docx: [1, 'DOCUMENT', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  docm: [1, 'DOCUMENT', 'application/vnd.ms-word.document.macroenabled.12'],
  pdf: [1, 'DOCUMENT', 'application/pdf'],
  xlsx: [2, 'SPREADSHEET', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  csv: [2, 'SPREADSHEET', 'text/csv'],
  pptx: [3, 'PRESENTATION', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
  txt: [4, 'TEXT', 'text/plain'],
  psd: [5, 'IMAGE', 'image/vnd.adobe.photoshop'],
};
const OTHER_TYPE = [0, 'OTHER', 'application/octet-stream'] as const;

/** A file, made at `created` (ms), in the wire shape of docs/defender-api.md 8.3. `count` makes its id; unique. */
export function toFile(file: SharedFile, owner: Person, created: number, count: number): FileRecord {
  const { name, app = ONE_DRIVE, sharedWith = [] } = file;
  const extension = name.includes('.') ? name.replace(/^.*\./, '').toLowerCase() : '';
  const [type, typeWord, mimeType] = TYPES[extension] ?? OTHER_TYPE;
  const sharing = SHARING.indexOf(file.sharing ?? (app === ONE_DRIVE ? 'PRIVATE' : 'INTERNAL'));
  const status = STATUS.indexOf(file.status ?? 'EXISTS');
  const url = fileUrl(owner, app, name);
  return {
    _id: objectId('file', count, -90 * 24 * 3600),
    _tid: TENANT.number,
    id: fileId(owner.upn, name),
    appId: app,
    saasId: app,
    instId: 0,
    appName: appName(app),
    name,
    name_l: name.toLowerCase(),
    fileExtension: extension,
    mimeType,
    fileSize: 4_000 + vary(`size ${url}`, 900_000),
    createdDate: created,
    modifiedDate: created,
    snapshotLastModifiedDate: new Date(created).toISOString(),
    fileType: [type, typeWord],
    fileAccessLevel: [sharing, SHARING[sharing] ?? ''],
    fileStatus: [status, STATUS[status] ?? ''],
    isFolder: false,
    quarantined: file.quarantined ?? false,
    ownerName: owner.name,
    ownerAddress: owner.upn,
    ownerExternal: owner.isExternal,
    parentId: quickGuid(`folder ${owner.upn} ${app}`),
    filePath: url.replace(/^https:\/\/[^/]+/, ''),
    alternateLink: url,
    collaborators: sharedWith.map(toCollaborator),
    emails: [owner.upn, ...sharedWith],
    domains: [...new Set([owner.upn, ...sharedWith].map(domainOf))],
    groups: sharing === SHARING.indexOf('INTERNAL') ? ['Everyone except external users'] : [],
    fTags: [...(file.labels ?? [])],
    dlpScanResults: [],
  };
}

/** The address of a file: in its owner's OneDrive, or on the site of all. */
export function fileUrl(owner: Person, app: number, name: string): string {
  const host = app === ONE_DRIVE ? 'contoso-my.sharepoint.com' : 'contoso.sharepoint.com';
  const folder = app === ONE_DRIVE ? `personal/${owner.upn.replace(/\W/g, '_')}` : 'sites/everyone/Shared Documents';
  return encodeURI(`https://${host}/${folder}/${name}`);
}

function toCollaborator(email: string): FileRecord['collaborators'][number] {
  return { id: { id: email, saas: 11161, inst: 0 }, name: email, email, isExternal: domainOf(email) !== TENANT.domain };
}

const domainOf = (email: string): string => email.replace(/^.*@/, '');
