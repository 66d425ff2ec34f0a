import { path } from '../../core/path.ts';
import type { ReadApi } from '../../http/client.ts';
import { notFoundOf } from '../shared/finds.ts';
import { withRemedies } from '../shared/remedies.ts';
import { type FileDetail, toFileDetail, WireFile } from './file.ts';

/** One file (docs/defender-api.md 8.3). @throws Fault */
export async function readFile(api: ReadApi, id: string): Promise<FileDetail> {
  const read = () => api.read(path`/api/v1/files/${id}/`, WireFile);
  return toFileDetail(await withRemedies(notFoundOf('file'), read));
}
