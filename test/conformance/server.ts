import { selectTools } from '../../src/call/select_tools.ts';
import { createApp } from '../../src/cli/app.ts';
import { type Checked, readConfig, readTenant } from '../../src/config/config.ts';
import { createLog } from '../../src/core/log.ts';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { createMcpServers } from '../../src/mcp/server.ts';
import { toListedTool } from '../../src/mcp/tool_face.ts';
import { openDoor } from '../../src/mcp/transports/http/door.ts';
import { toPromptFace } from '../../src/tool/prompt.ts';
import { addRaw } from './protocol.ts';
import { prompts, resources, tools } from './register.ts';

/** The HTTP door without sign-in, before the fixtures that the suite asks for. @returns its URL */
export async function openFixtures(): Promise<string> {
  const { url: origin, token } = await createEmulator();
  const environment = { MDCA_API_URL: origin, MDCA_API_TOKEN: token, MDCA_HTTP: '0' };
  const sources = { flags: {}, environment, readFile: () => '' };
  const config = accepted(readConfig(sources));
  const tenant = accepted(readTenant(sources));
  if (!config.http) throw new Error('MDCA_HTTP was not read');
  const log = createLog('error', (line) => void process.stderr.write(line));
  const allowed = accepted(selectTools(tools, config));
  const app = createApp({ config, tenant, tools, allowed, resources, prompts, log });
  const faces = { tools: tools.map(toListedTool), resources, prompts: prompts.map(toPromptFace) };
  const create = createMcpServers({ version: '0.0.0', ...faces, allowed, service: async () => app });
  const createServer: typeof create = (facts) => addRaw(create(facts));
  const { url } = await openDoor({ http: config.http, createServer, signingKey: Buffer.alloc(32, 7), log });
  return url;
}

function accepted<T>(checked: Checked<T>): T {
  if ('problems' in checked) throw new Error(checked.problems.join('\n'));
  return checked.value;
}
