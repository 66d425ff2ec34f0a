import * as z from 'zod';
import { path } from '../../core/path.ts';
import { quoteField, quoteId, sanitizeOptional } from '../../text/sanitize.ts';
import type { ToolApi } from '../../tool/tool.ts';
import { withNote } from '../entities/with_note.ts';
import { answerList } from '../shared/answer_list.ts';
import type { Filters } from '../shared/filters.ts';
import { countsText, ListOutput, type ListRequest, Note } from '../shared/list_output.ts';
import { appAliases, appsLine, ListedApps, toListedApps } from '../shared/listed_apps.ts';
import { pagesOf } from '../shared/paged_list.ts';
import { isWithin, type TimeRange } from '../shared/time_argument.ts';
import { accountKey, isGuid, isSameName } from '../shared/user_argument.ts';
import { toMs } from '../shared/wire.ts';
import { FILE_TYPES, File, SHARING, toFile, WireFile } from './file.ts';

const fileList = { path: path`/api/v1/files/`, pages: pagesOf(WireFile) };

export const Files = ListOutput({
  note: Note,
  apps: ListedApps,
  files: z.array(File).meta({ description: 'Last changed first' }),
});
export type Files = z.output<typeof Files>;

export interface FileQuery {
  readonly name?: string | undefined;
  readonly owner?: string | undefined;
  readonly app_id?: number | undefined;
  readonly sharing?: readonly (typeof SHARING)[number][] | undefined;
  readonly policy_id?: string | undefined;
  readonly type?: readonly (typeof FILE_TYPES)[number][] | undefined;
  readonly modified_since?: string | undefined;
}

/** Documented, but for `text` of `filename` and `owner.username`, which a client uses (docs/defender-api.md 8.3). */
function fileFilters({ name, owner, app_id, sharing, policy_id, type }: FileQuery, modified: TimeRange): Filters {
  return {
    ...(name !== undefined && { filename: { text: name } }),
    ...(owner !== undefined &&
      (isGuid(owner) ? { 'owner.entity': { eq: [accountKey(owner)] } } : { 'owner.username': { eq: [owner] } })),
    ...(app_id !== undefined && { service: { eq: [app_id] } }),
    ...(sharing !== undefined && { sharing: { eq: sharing.map((word) => SHARING.indexOf(word)) } }),
    ...(policy_id !== undefined && { policy: { cabinetmatchedrulesequals: [policy_id] } }),
    ...(type !== undefined && { fileType: { eq: type.map((word) => FILE_TYPES.indexOf(word)) } }),
    ...(modified.gte !== undefined && { modifiedDate: { gte: modified.gte } }),
  };
}

/** Whether a record is what the filters ask for (docs/defender-api.md 3.4), as far as it says that itself. */
function isAsked({ name, owner, app_id, sharing, type }: FileQuery, modified: TimeRange): (wire: WireFile) => boolean {
  const isOneOf = <T>(asked: readonly T[] | undefined, said: T | undefined) =>
    asked === undefined || said === undefined || asked.includes(said);
  return (wire) =>
    (name === undefined || wire.name === undefined || wire.name.toLowerCase().includes(name.toLowerCase())) &&
    (owner === undefined || isGuid(owner) || wire.ownerAddress === undefined || isSameName(wire.ownerAddress, owner)) &&
    (app_id === undefined || wire.appId === undefined || wire.appId === app_id) &&
    isOneOf(sharing, SHARING[wire.fileAccessLevel ?? -1]) &&
    isOneOf(type, FILE_TYPES[wire.fileType ?? -1]) &&
    isWithin(modified, toMs(wire.modifiedDate));
}

/** Files by any of the filters. */
export async function listFiles(api: ToolApi, { limit, cursor, ...query }: FileQuery & ListRequest): Promise<Files> {
  const answer = await answerList(
    api,
    // The first call fixes a span such as `24h` for those that go on.
    { limit, cursor, since: query.modified_since },
    {
      query,
      // The documentation names no sort field; a client of Microsoft sends this one.
      source: (modified) => ({
        ...fileList,
        filters: fileFilters(query, modified),
        wanted: isAsked(query, modified),
        sortField: 'modifiedDate',
      }),
      map: (wire) => ({ file: toFile(wire), app: { id: wire.appId, name: sanitizeOptional(wire.appName) } }),
      toAnswer: (items, counts) => ({
        apps: toListedApps(items.flatMap(({ app: { id, name } }) => (id === undefined ? [] : [{ id, name }]))),
        files: items.map(({ file }) => file),
        ...counts,
      }),
      toText: filesText,
    },
  );
  return withNote(api, { ...query, user: query.owner }, answer);
}

export function filesText(answer: Files): string {
  const { apps, files } = answer;
  return [countsText('files', answer), ...appsLine(apps), ...files.map((file) => fileLine(file, apps))].join('\n');
}

function fileLine(file: File, apps: readonly string[] | undefined): string {
  const { id, name, type, sharing, owner, owner_external, app, modified, state, quarantined } = file;
  const facts = [
    [quoteId(id), name && quoteField(name)].filter(Boolean).join(' '),
    type,
    sharing,
    owner && `owner ${quoteField(owner)}`,
    owner_external && 'external owner',
    app !== undefined && appAliases([app], apps),
    modified && `changed ${modified.slice(0, 16)}`,
    state === 'unknown' ? 'state unknown' : state,
    quarantined && 'quarantined',
  ];
  return facts.filter(Boolean).join('; ');
}
