import type { EntityKey } from './records.ts';

/** A member of an enumeration as the service sends it: number and word (docs/defender-api.md 8.3). */
type NumberAndWord = [number, string];

/** docs/defender-api.md 8.3; times in ms, but for the last one. */
export interface FileRecord {
  _id: string;
  _tid: number;
  /** Native id. */
  id: string;
  appId: number;
  saasId: number;
  instId: number;
  appName: string;
  name: string;
  name_l: string;
  fileExtension: string;
  mimeType: string;
  fileSize: number;
  createdDate: number;
  modifiedDate: number;
  snapshotLastModifiedDate: string;
  fileType: NumberAndWord;
  fileAccessLevel: NumberAndWord;
  fileStatus: NumberAndWord;
  isFolder: boolean;
  quarantined: boolean;
  ownerName: string;
  ownerAddress: string;
  ownerExternal: boolean;
  parentId: string;
  filePath: string;
  alternateLink: string;
  /** With whom the file is shared; the shape is inferred. */
  collaborators: { id: EntityKey | null; name: string; email: string; isExternal: boolean }[];
  emails: string[];
  domains: string[];
  groups: string[];
  /** Labels. */
  fTags: string[];
  dlpScanResults: unknown[];
}

/** Which policies a file matches; its record does not tell (docs/defender-api.md 8.3). */
export interface FilePolicy {
  fileId: string;
  policyId: string;
}
