import * as z from 'zod';
import { path } from '../src/core/path.ts';
import { FileDetail, toFileDetail, WireFile } from '../src/defender/files/file.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_get_file',
  group: 'investigate',
  title: 'Get one file',
  description: 'Returns one file: owner, path, and with whom it is shared.',
  effect: 'read',
  input: z.strictObject({
    file_id: z
      .string()
      .regex(/^\S{1,200}$/, 'a file id has no blanks')
      .meta({ description: 'File id' }),
  }),
  output: FileDetail,
  example: { file_id: '<file_id>' },
  run: async ({ file_id }, api) => toFileDetail(await api.read(path`/api/v1/files/${file_id}/`, WireFile)),
});
