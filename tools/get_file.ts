import * as z from 'zod';
import { FileDetail } from '../src/defender/files/file.ts';
import { readFile } from '../src/defender/files/read_file.ts';
import { formlessId } from '../src/defender/shared/arguments.ts';
import { FINDS } from '../src/defender/shared/finds.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_get_file',
  group: 'investigate',
  title: 'Get one file',
  description: 'Returns one file: owner, path, and with whom it is shared.',
  effect: 'read',
  input: z.strictObject({
    file_id: formlessId(`a file id has no blanks; ${FINDS.file}`).meta({ description: 'File id' }),
  }),
  output: FileDetail,
  example: { file_id: '<file_id>' },
  run: ({ file_id }, api) => readFile(api, file_id),
});
