import * as z from 'zod';
import { sanitize, sanitizeOptional } from '../../text/sanitize.ts';
import { toSeconds, unlessEmpty } from '../shared/compact.ts';
import {
  asNumber,
  asRecord,
  asText,
  toIso,
  wireBoolean,
  wireList,
  wireNumber,
  wireText,
  wireTime,
} from '../shared/wire.ts';

/** docs/defender-api.md 8.3: the index is the first member of `fileType`. */
export const FILE_TYPES = ['other', 'document', 'spreadsheet', 'presentation', 'text', 'image', 'folder'] as const;
/** docs/defender-api.md 8.3: the index is the first member of `fileAccessLevel`. */
export const SHARING = ['private', 'internal', 'external', 'public', 'public_internet'] as const;
/** docs/defender-api.md 8.3: the index is the first member of `fileStatus`. */
const FILE_STATES = ['exists', 'trashed', 'deleted', 'unknown'] as const;

/** An enumeration is sent as number and word; the number counts. */
const wireEnum = z.transform((value) => asNumber(Array.isArray(value) ? value[0] : value));

function asCollaborator(value: unknown): string | undefined {
  const record = asRecord<'email' | 'name'>(value);
  return record ? (asText(record.email) ?? asText(record.name)) : asText(value);
}

/** A file as the service sends it (docs/defender-api.md 8.3); only `_id` is required. */
export const WireFile = z.object({
  _id: z.string().min(1),
  appId: wireNumber,
  appName: wireText,
  name: wireText,
  mimeType: wireText,
  fileSize: wireNumber,
  createdDate: wireTime,
  modifiedDate: wireTime,
  fileType: wireEnum,
  fileAccessLevel: wireEnum,
  fileStatus: wireEnum,
  quarantined: wireBoolean,
  ownerName: wireText,
  ownerAddress: wireText,
  ownerExternal: wireBoolean,
  filePath: wireText,
  collaborators: wireList(asCollaborator),
  groups: wireList(asCollaborator),
  domains: wireList(asText),
  fTags: wireList(asText),
});
export type WireFile = z.output<typeof WireFile>;

const text = (description: string) => z.string().optional().meta({ description });

/** A file in a list. */
export const File = z.strictObject({
  id: z.string().meta({ description: 'file_id' }),
  name: text('Name'),
  type: z.enum(FILE_TYPES).optional().meta({ description: 'Type' }),
  sharing: z.enum(SHARING).optional().meta({ description: 'Who can open it' }),
  owner: text('Owner'),
  owner_external: z.boolean().optional().meta({ description: 'The owner is an outsider' }),
  app: z.int().optional().meta({ description: 'app_id' }),
  modified: text('Last change, UTC'),
  state: z.enum(FILE_STATES).optional().meta({ description: 'Absent: exists' }),
  quarantined: z.boolean().optional().meta({ description: 'In quarantine' }),
});
export type File = z.output<typeof File>;

/** What is false, empty or usual is left out. */
export function toFile(wire: WireFile): File {
  const state = FILE_STATES[wire.fileStatus ?? -1] ?? 'unknown';
  return {
    id: sanitize(wire._id),
    name: sanitizeOptional(wire.name),
    type: FILE_TYPES[wire.fileType ?? -1],
    sharing: SHARING[wire.fileAccessLevel ?? -1],
    owner: sanitizeOptional(wire.ownerAddress ?? wire.ownerName),
    owner_external: wire.ownerExternal || undefined,
    app: Number.isSafeInteger(wire.appId) ? wire.appId : undefined,
    modified: toSeconds(toIso(wire.modifiedDate)),
    state: state === 'exists' ? undefined : state,
    quarantined: wire.quarantined || undefined,
  };
}

/** The most names of one kind in one answer. */
const MOST_NAMES = 30;
const names = (description: string) => z.array(z.string()).optional().meta({ description });

/** One file in full. */
export const FileDetail = File.extend({
  app_name: text('App'),
  path: text('Path'),
  mime_type: text('MIME type'),
  size: z.number().optional().meta({ description: 'Bytes' }),
  created: text('UTC'),
  collaborators: names('Shared with, 30 at most'),
  groups: names('Shared with groups'),
  domains: names('Domains it is shared with'),
  labels: names('Labels'),
});
export type FileDetail = z.output<typeof FileDetail>;

export function toFileDetail(wire: WireFile): FileDetail {
  return {
    ...toFile(wire),
    app_name: sanitizeOptional(wire.appName),
    path: sanitizeOptional(wire.filePath),
    mime_type: sanitizeOptional(wire.mimeType),
    size: wire.fileSize,
    created: toSeconds(toIso(wire.createdDate)),
    collaborators: listed(wire.collaborators),
    groups: listed(wire.groups),
    domains: listed(wire.domains),
    labels: listed(wire.fTags),
  };
}

function listed(names: readonly string[]): string[] | undefined {
  return unlessEmpty(names.slice(0, MOST_NAMES).flatMap((name) => sanitizeOptional(name) ?? []));
}
