import { Fault } from '../../core/errors.ts';
import { path } from '../../core/path.ts';
import type { ReadApi } from '../../http/client.ts';
import { notFoundOf } from '../shared/finds.ts';
import { withRemedies } from '../shared/remedies.ts';
import { isSameName } from '../shared/user_argument.ts';
import { type FileDetail, toFileDetail, WireFile } from './file.ts';

/** One file (docs/defender-api.md 8.3). @throws Fault */
export async function readFile(api: ReadApi, id: string): Promise<FileDetail> {
  const read = () => api.read(path`/api/v1/files/${id}/`, WireFile);
  const wire = await withRemedies(notFoundOf('file'), read);
  if (isSameName(wire._id, id)) return toFileDetail(wire);
  throw new Fault('unreadable', 'The service returned another file than was asked for.');
}
