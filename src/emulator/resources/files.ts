import type { FileRecord } from '../file_records.ts';
import type { Handler, HandlerCall } from '../handler.ts';
import { isRecord } from '../json.ts';
import { type Fields, field, known } from '../query/filter.ts';
import { entityKey, flag, number, objectId, word } from '../query/kinds.ts';
import { list } from '../query/list_reply.ts';
import { notFound, ok, type Reply } from '../reply.ts';
import type { State } from '../state.ts';

const EQ = ['eq'] as const;
const EQ_NEQ = ['eq', 'neq'] as const;
const SET = [...EQ_NEQ, 'isset', 'isnotset'] as const;
const TIME = ['lte', 'gte', 'range'] as const;

/** `fileStatus` (docs/defender-api.md 8.3). */
const TRASHED = 1;
const DELETED = 2;

/** The filters of docs/defender-api.md 8.3. */
function fileFields({ entities, filePolicies }: State): Fields<FileRecord> {
  const owner = ({ ownerAddress }: FileRecord) => entities.find((it) => it.type === 2 && it.email === ownerAddress);
  const policiesOf = ({ _id }: FileRecord) =>
    filePolicies.filter(({ fileId }) => fileId === _id).map(({ policyId }) => policyId);
  return {
    ...plainFields,
    policy: field(objectId, ['cabinetmatchedrulesequals', 'neq', 'isset', 'isnotset'], policiesOf),
    'owner.entity': field(entityKey, EQ_NEQ, (file) => {
      const found = owner(file);
      return found ? [{ id: found.id, saas: found.appData.saas, inst: found.appData.instance }] : [];
    }),
    'owner.orgUnit': field(word, EQ_NEQ, (file) => known(owner(file)?.organization)),
  };
}

const plainFields: Fields<FileRecord> = {
  service: field(number, EQ_NEQ, (file) => [file.appId]),
  instance: field(number, EQ_NEQ, (file) => [file.instId]),
  fileType: field(number, EQ_NEQ, (file) => [file.fileType[0]]),
  // It chooses no file by itself: see `withoutDeleted`.
  allowDeleted: field(flag, EQ, () => [true, false]),
  filename: field(word, ['eq', 'text'], (file) => [file.name]),
  modifiedDate: field(number, [...TIME, 'lte_ndays', 'gte_ndays'], (file) => [file.modifiedDate]),
  createdDate: field(number, TIME, (file) => [file.createdDate]),
  'collaborators.entity': field(entityKey, EQ_NEQ, ({ collaborators }) => known(...collaborators.map(({ id }) => id))),
  'collaborators.users': field(word, EQ_NEQ, ({ collaborators }) => collaborators.map(({ email }) => email)),
  'collaborators.domains': field(word, EQ_NEQ, (file) => file.domains),
  'collaborators.groups': field(word, EQ_NEQ, (file) => file.groups),
  'collaborators.withDomain': field(word, [...EQ_NEQ, 'deq'], (file) => file.domains),
  'owner.username': field(word, EQ_NEQ, (file) => [file.ownerAddress]),
  sharing: field(number, EQ_NEQ, (file) => [file.fileAccessLevel[0]]),
  fileId: field(word, EQ_NEQ, (file) => [file._id, file.id]),
  fileLabels: field(word, SET, (file) => file.fTags),
  // The demo tenant has no file that was scanned for labels of its content.
  fileScanLabels: field(word, SET, () => []),
  extension: field(word, EQ_NEQ, (file) => [file.fileExtension]),
  mimeType: field(word, EQ_NEQ, (file) => [file.mimeType]),
  trashed: field(flag, EQ, (file) => [file.fileStatus[0] === TRASHED]),
  folder: field(flag, EQ, (file) => [file.isFolder]),
  quarantined: field(flag, EQ, (file) => [file.quarantined]),
  parentFolder: field(word, EQ_NEQ, (file) => [file.parentId]),
  snapshotLastModifiedDate: field(number, TIME, (file) => [Date.parse(file.snapshotLastModifiedDate)]),
};

/** F1 of docs/defender-api.md 8.3. */
export const listFiles: Handler = (call) =>
  list(call, withoutDeleted(call), {
    fields: fileFields(call.state),
    sorts: { modifiedDate: (file) => file.modifiedDate },
  });

/** F2 of docs/defender-api.md 8.3; the path holds either id of the file. */
export function fetchFile({ state, params }: HandlerCall): Reply {
  const file = state.files.find(({ _id, id }) => _id === params.id?.toLowerCase() || id === params.id);
  return file ? ok(file) : notFound();
}

// Deleted files are left out, unless `allowDeleted` is true; `trashed` overrides that rule.
function withoutDeleted({ state, input }: HandlerCall): readonly FileRecord[] {
  const { allowDeleted, trashed } = isRecord(input.filters) ? input.filters : {};
  const isAllowed = trashed !== undefined || (isRecord(allowDeleted) && [allowDeleted.eq].flat().includes(true));
  return isAllowed ? state.files : state.files.filter((file) => file.fileStatus[0] !== DELETED);
}
