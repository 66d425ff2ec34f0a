import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { SETTINGS } from '../src/config/settings.ts';
import { toListedTool } from '../src/mcp/tool_face.ts';
import { tools } from './fixture.ts';
import { ROOT } from './process.ts';
import { argsFor } from './samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'a bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));
const unpacked = join(folder, 'unpacked');

/** The members of a manifest that a host needs to start the server. `.ci/run` puts it to the official CLI. */
const Manifest = z.object({
  manifest_version: z.literal('0.3'),
  server: z.object({
    type: z.literal('node'),
    entry_point: z.string(),
    mcp_config: z.object({
      command: z.literal('node'),
      args: z.array(z.string()),
      env: z.record(z.string(), z.string()),
    }),
  }),
  tools: z.array(z.object({ name: z.string(), description: z.string() })),
  user_config: z.record(
    z.string(),
    z.object({
      type: z.enum(['string', 'number']),
      title: z.string().regex(/^[A-Z]/),
      description: z.string().min(1),
      required: z.boolean(),
      sensitive: z.boolean().optional(),
      default: z.union([z.string(), z.number()]).optional(),
    }),
  ),
});

const packInto = (file: string) => {
  execFileSync(process.execPath, ['build/mcpb.mjs', file], { cwd: ROOT, stdio: 'pipe' });
  return readFileSync(file);
};

let bundle: Buffer;
let manifest: z.output<typeof Manifest>;
beforeAll(() => {
  bundle = packInto(join(folder, 'one.mcpb'));
  for (const [path, bytes] of Object.entries(unzipSync(bundle))) {
    mkdirSync(dirname(join(unpacked, path)), { recursive: true });
    writeFileSync(join(unpacked, path), bytes);
  }
  manifest = Manifest.parse(JSON.parse(readFileSync(join(unpacked, 'manifest.json'), 'utf8')));
});

test('the same sources give the same bytes', () => {
  expect(packInto(join(folder, 'two.mcpb')).equals(bundle)).toBe(true);
});

test('the manifest names every tool and every setting, and keeps the token secret', () => {
  const faces = tools.map((tool) => toListedTool(tool).face);
  expect(manifest.tools).toEqual(faces.map(({ name, description }) => ({ name, description })));
  const asked = Object.values(SETTINGS).filter((setting) => setting !== SETTINGS.apiTokenFile);
  expect(Object.keys(manifest.server.mcp_config.env)).toEqual(asked.map(({ name }) => name));
  const fields = Object.entries(manifest.user_config);
  const references = fields.map(([key]) => `$${'{'}user_config.${key}}`);
  expect(Object.values(manifest.server.mcp_config.env)).toEqual(references);
  expect(fields.filter(([, field]) => field.sensitive).map(([key]) => key)).toEqual(['api_token']);
  expect(fields.filter(([, field]) => field.required).map(([key]) => key)).toEqual(['api_url', 'api_token']);
  for (const [at, { name, fallback }] of asked.entries()) {
    const own = fallback === undefined || String(fallback) === '' ? undefined : fallback;
    expect(fields[at]?.[1].default, name).toBe(own);
  }
});

test('unpacked by a host, it serves the demo and keeps an audit trail', async () => {
  const { args, env } = manifest.server.mcp_config;
  const auditFile = join(folder, 'audit.jsonl');
  const filled: Record<string, string> = { api_url: '', api_token: '', writes: 'allow', audit_file: auditFile };
  // An optional field that a person has left empty stays as it is in some hosts.
  const fill = (text: string) => text.replace(/\$\{user_config\.(\w+)\}/g, (all, key) => filled[key] ?? all);
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [...args.map((arg) => arg.replace('$' + '{__dirname}', unpacked)), '--demo'],
      env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, fill(value)])),
      cwd: folder,
      stderr: 'ignore',
    }),
  );
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(manifest.tools.map(({ name }) => name));
  const tool = 'mdca_tag_app_unsanctioned';
  const { content } = await client.callTool({ name: tool, arguments: argsFor(tool) });
  await client.close();
  expect(content).toMatchObject([{ text: expect.stringMatching(/^DEMO DATA.*status: tagged/s) }]);
  expect(readFileSync(auditFile, 'utf8').split('\n')).toHaveLength(3);
});
