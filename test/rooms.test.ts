import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ROOT } from './process.ts';

/** What a room must not import, tried on the linter itself: a rule that catches nothing would pass unseen. */
const FORBIDDEN = [
  ['src/emulator/probe.ts', '../errors.ts'],
  ['src/emulator/resources/probe.ts', '../../errors.ts'],
  ['src/emulator/probe.ts', 'zod'],
  ['src/errors.ts', './log.ts'],
  ['src/text.ts', 'parse5'],
  ['src/html.ts', './text.ts'],
  ['src/http/probe.ts', '../mcp/server.ts'],
  ['src/http/probe.ts', '../model/alert.ts'],
  ['src/audit/probe.ts', '../log.ts'],
  ['src/audit/probe.ts', '../writes/record.ts'],
  ['src/model/probe.ts', '../http/api.ts'],
  ['src/defender/probe.ts', '../mcp/server.ts'],
  ['src/defender/probe.ts', '../http/send.ts'],
  ['src/defender/probe.ts', 'undici'],
  ['tools/probe.ts', '../src/http/send.ts'],
  ['tools/probe.ts', '../src/mcp/server.ts'],
  ['src/tool.ts', './mcp/server.ts'],
  ['src/call.ts', './mcp/server.ts'],
  ['src/config/probe.ts', '../app.ts'],
  ['src/mcp/probe.ts', '../http/send.ts'],
  ['src/mcp/probe.ts', '../../tools/index.ts'],
  ['src/watch.ts', './errors.ts'],
  ['src/listing.ts', './app.ts'],
  ['src/live.ts', './mcp/server.ts'],
  ['src/writes/probe.ts', '../mcp/server.ts'],
  ['src/writes/probe.ts', '../defender/close.ts'],
  ['src/plan.ts', './tool.ts'],
  ['src/caller.ts', './errors.ts'],
  ['src/live.ts', './http/send.ts'],
  ['src/demo.ts', './app.ts'],
  ['src/app.ts', '../tools/index.ts'],
  ['src/http/probe.ts', '@modelcontextprotocol/sdk/types.js'],
] as const;

test.each(FORBIDDEN)('%s must not import %s', (file, target) => {
  const biome = [
    'node_modules/@biomejs/biome/bin/biome',
    'lint',
    '--only=style/noRestrictedImports',
    `--stdin-file-path=${file}`,
  ];
  const lint = () =>
    execFileSync(process.execPath, biome, {
      cwd: ROOT,
      input: `import '${target}';\n`,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  expect(lint).toThrow(/noRestrictedImports/);
});

/** Longest file of a room, in lines. */
const LONGEST = { tools: 60, src: 200 };

test.each(Object.entries(LONGEST))(
  'no file in %s has more than %i lines, no line more than 120 characters',
  (room, most) => {
    const files = readdirSync(`${ROOT}${room}`, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    for (const file of files) {
      const lines = readFileSync(`${ROOT}${room}/${file}`, 'utf8').trimEnd().split('\n');
      expect(lines.length, file).toBeLessThanOrEqual(most);
      expect(Math.max(...lines.map((line) => line.length)), file).toBeLessThanOrEqual(120);
    }
  },
);
