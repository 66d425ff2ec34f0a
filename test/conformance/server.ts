import { selectTools } from '../../src/call/select_tools.ts';
import { createApp } from '../../src/cli/app.ts';
import { type Checked, readConfig, readTenant } from '../../src/config/config.ts';
import { createLog } from '../../src/core/log.ts';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { createMethods } from '../../src/mcp/methods.ts';
import { toListedTool } from '../../src/mcp/tool_face.ts';
import { openDoor } from '../../src/mcp/transports/http/door.ts';
import { toPromptFace } from '../../src/tool/prompt.ts';
import { withBlocks } from './blocks.ts';
import { legacyServers } from './legacy.ts';
import { modernServer } from './modern.ts';
import { prompts, resources, tools } from './register.ts';

/** What of the fixtures was answered by other means than those of the product, by why. */
const WHY = {
  blocks:
    'Answers are text and a value; they have no images, audio, binary data or resources. Replaced after dispatch.',
  legacy: 'Nothing is logged to clients, no model is asked, and a form has one line. Answered before the SDK.',
  modern: 'The only question is the confirmation of a write. Answered before the server of 2026-07-28.',
} as const;

export interface Fixtures {
  /** Of the HTTP door, without sign-in. */
  readonly url: string;
  /** The names of what was answered by other means than those of the product so far, and why. */
  standIns(): { readonly why: string; readonly names: readonly string[] }[];
}

/** Opens the HTTP door before what the suite asks for by name. */
export async function openFixtures(): Promise<Fixtures> {
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
  const noted = new Map<keyof typeof WHY, Set<string>>([
    ['blocks', new Set()],
    ['legacy', new Set()],
    ['modern', new Set()],
  ]);
  const noteIn = (place: keyof typeof WHY) => (name: string) => void noted.get(place)?.add(name);
  const own = createMethods({ version: '0.0.0', ...faces, allowed, service: async () => app });
  const methods = withBlocks(own, noteIn('blocks'));
  const { url } = await openDoor({
    http: config.http,
    legacy: legacyServers(methods, noteIn('legacy')),
    modern: modernServer(methods, noteIn('modern')),
    signingKey: Buffer.alloc(32, 7),
    log,
  });
  return { url, standIns: () => [...noted].map(([place, names]) => ({ why: WHY[place], names: [...names].sort() })) };
}

function accepted<T>(checked: Checked<T>): T {
  if ('problems' in checked) throw new Error(checked.problems.join('\n'));
  return checked.value;
}
