import { readFileSync } from 'node:fs';

/** The page of the board. The bundle has its text in place of this module, which reads what the build has made. */
export const boardHtml = readFileSync(new URL('../../dist/board.html', import.meta.url), 'utf8');
