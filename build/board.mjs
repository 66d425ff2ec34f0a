// Makes dist/board.html: the alert board as one page that loads nothing. The bundle takes it in.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What the page may do, whatever the client would let it: run and show what is in it, and load nothing. */
const POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const build = await rolldown({ input: `${ROOT}src/board/main.tsx`, platform: 'browser' });
const { output } = await build.generate({ format: 'es', minify: true });
const [{ code, modules }, ...more] = output;
if (more.length > 0) throw new Error('The board is more than one file.');
if (/<\/script|<!--/i.test(code)) throw new Error('The script of the board would end too early in its page.');
const style = readFileSync(`${ROOT}src/board/board.css`, 'utf8')
  .replace(/\/\*.*?\*\//gs, '')
  .replace(/\s+/g, ' ')
  .replace(/ ?([{};,]) ?/g, '$1')
  .replace(/: /g, ':');

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Alert board</title>
<style>${style}</style>
</head>
<body>
<main id="root"></main>
<script type="module">${code}</script>
</body>
</html>
`;

/** The page, and the modules that it was made of. */
export const board = { page, modules };

writeFileSync(`${ROOT}dist/board.html`, page);
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
process.stdout.write(`dist/board.html: ${kilobytes(page.length)}, ${kilobytes(gzipSync(page).length)} compressed\n`);
