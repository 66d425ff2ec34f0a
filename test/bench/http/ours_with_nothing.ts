// Our server over HTTP, put together as the product is, with one tool more: a tool that does nothing.
import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { createApp } from '../../../src/cli/app.ts';
import { keepHeapSmall } from '../../../src/cli/heap.ts';
import { readConfig, readTenant } from '../../../src/config/config.ts';
import { createLog } from '../../../src/core/log.ts';
import { createLegacyServers } from '../../../src/mcp/legacy/server.ts';
import { createMethods } from '../../../src/mcp/methods.ts';
import { createModernServer } from '../../../src/mcp/modern/server.ts';
import { toListedTool } from '../../../src/mcp/tool_face.ts';
import { openDoor } from '../../../src/mcp/transports/http/door.ts';
import type { Tool } from '../../../src/tool/tool.ts';
import * as register from '../../../tools/index.ts';
import { nothing } from './nothing.ts';

function accepted<T>(checked: { value: T } | { problems: readonly string[] }): T {
  if ('problems' in checked) throw new Error(checked.problems.join('\n'));
  return checked.value;
}

const [port = ''] = process.argv.slice(2);
const tools: readonly Tool[] = [...Object.values(register), nothing];
const environment = { MDCA_API_URL: 'http://127.0.0.1:9', MDCA_API_TOKEN: 'bench-token' };
const sources = { flags: { http: port }, environment, readFile: () => '' };
const config = accepted(readConfig(sources));
const tenant = accepted(readTenant(sources));
const log = createLog('info', (line) => process.stderr.write(`${line}\n`));
const allowed = new Set(tools.map(({ name }) => name));
const rest = { resources: [], prompts: [] };
const app = createApp({ config, tenant, tools, allowed, log, ...rest });
const methods = createMethods({
  version: '0.0.0',
  tools: tools.map(toListedTool),
  allowed,
  service: async () => app,
  ...rest,
});
keepHeapSmall();
if (!config.http) throw new Error('no port was given');
const servers = { legacy: createLegacyServers(methods), modern: createModernServer(methods) };
await openDoor({ http: config.http, ...servers, signingKey: randomBytes(32), log });
