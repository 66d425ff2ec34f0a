import type { FileRecord } from '../file_records.ts';
import type { State } from '../state.ts';
import type { Deed } from './deeds.ts';
import { type SharedFile, toFile } from './files.ts';
import { policyId } from './policies.ts';
import type { Dated } from './stage.ts';
import { vary } from './vary.ts';

const DAY = 24 * 60 * 60 * 1000;

/** Operations that change a file, so that its time of modification moves. */
const CHANGES = ['FileModified', 'FileUploaded', 'FileRenamed'];

/** Adds the files of deeds to the state; `described` says what is special about some of them, by name. */
export type KeepFiles = (dated: readonly Dated[], described: readonly SharedFile[]) => void;

/** The files of a tenant come from what people do with them. */
export function createFileKeeper(state: State): KeepFiles {
  const kept = new Map<string, FileRecord>();
  return (dated, described) => {
    const isEmptied = dated.some(([{ operation }]) => operation === 'RecycleBinEmptied');
    for (const [deed, { timestamp }] of dated) {
      if (!deed.isFile || !deed.object) continue;
      const record = kept.get(deed.object.id) ?? add(deed, described, timestamp);
      if (CHANGES.includes(deed.operation)) record.modifiedDate = Math.max(record.modifiedDate, timestamp);
      if (deed.operation === 'FileDeleted') record.fileStatus = isEmptied ? [2, 'DELETED'] : [1, 'TRASHED'];
      record.snapshotLastModifiedDate = new Date(record.modifiedDate + 90_000).toISOString();
    }
  };

  function add(deed: Deed, described: readonly SharedFile[], timestamp: number): FileRecord {
    const { name = '', id = '' } = deed.object ?? {};
    const facts = described.find((file) => file.name === name) ?? { name };
    const created =
      deed.operation === 'FileUploaded' ? timestamp : timestamp - (3 + vary(`age ${id}`, 60)) * DAY - vary(id, DAY);
    const record = toFile({ app: deed.app, ...facts }, deed.session.who, created, state.files.length + 1);
    kept.set(id, record);
    state.files.push(record);
    const policies = facts.policies ?? [];
    state.filePolicies.push(...policies.map((policy) => ({ fileId: record._id, policyId: policyId(policy) })));
    return record;
  }
}
