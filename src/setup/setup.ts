import { existsSync, rmSync } from 'node:fs';
import { type Checked, readAuth, readConfig, type Sources } from '../config/config.ts';
import { didYouMean } from '../core/suggest.ts';
import { withServer } from './client_text.ts';
import { blockOf, CLIENTS, type Client, type Launch, type Machine, tokenFile } from './clients.ts';
import { readIfThere, replaceFile, writePrivate } from './files.ts';
import { environmentOf } from './launch.ts';
import { askTenant } from './tenant_questions.ts';
import type { Terminal } from './terminal.ts';

const ALL: readonly Client[] = Object.values(CLIENTS);
const IDS = ALL.map(({ id }) => id);

/** Where `npx` puts what it starts. */
const TOKENS_ONLY =
  'MDCA_AUTH: setup writes an API token for a client. Write MDCA_AUTH and what it needs yourself (docs/entra.md).';
const IN_CACHE =
  'This copy of the server lies in a cache that npm may clear. To keep it, install it first: npm install --global ' +
  'defender-cloud-apps-mcp\n';

export interface SetupOptions {
  /** The id of a client, or empty to ask for it. */
  readonly client: string;
  /** Prints the block on stdout, and reads and writes nothing else. */
  readonly printOnly: boolean;
  /** Writes without a question. */
  readonly yes: boolean;
  /** For the emulated tenant. */
  readonly demo: boolean;
  readonly sources: Sources;
  readonly machine: Machine;
  /** Node, and this server's main.js: absolute paths. */
  readonly start: { readonly node: string; readonly script: string };
  /** Undefined where nobody can be asked. */
  readonly terminal: Terminal | undefined;
  /** Whether the tenant can be read, told to a person. */
  readonly check: (sources: Sources) => Promise<{ ok: boolean; text: string }>;
  /** Speaks to the person. */
  readonly say: (text: string) => void;
  /** Writes to stdout. */
  readonly print: (text: string) => void;
}

/** A server as it is to be set up. */
interface Plan {
  readonly client: Client;
  readonly name: string;
  readonly launch: Launch;
  /** With what a person has answered. */
  readonly sources: Sources;
  /** The token's file, and what to write into it, if it is not there already. */
  readonly token?: { readonly file: string; readonly secret: string };
}

/**
 * Tells a client to start this server. @returns the exit code, or why nothing was done
 * @throws PersonLeft
 */
export async function setup(options: SetupOptions): Promise<Checked<number>> {
  const missing = options.terminal ? [] : missingFlags(options);
  if (missing.length > 0) return { problems: missing };
  const client = await chooseClient(options);
  if ('problems' in client) return client;
  const planned = options.demo ? planDemo(client.value, options) : await planTenant(client.value, options);
  if ('problems' in planned) return planned;
  const { name, launch, token, sources } = planned.value;
  if (options.printOnly) {
    options.print(`${JSON.stringify(blockOf(client.value, name, launch), null, 2)}\n`);
    if (token) options.say(`Keep the API token in ${token.file}, which only you should be able to read.\n`);
    return { value: 0 };
  }
  if (!options.demo && !(await isReadable(sources, options))) return { value: 1 };
  return write(planned.value, options);
}

function missingFlags({ client, yes, printOnly }: SetupOptions): string[] {
  const missing = [
    ...(client ? [] : [`--client ${IDS.join('|')}`]),
    ...(yes || printOnly ? [] : ['--yes to write without a question, or --print']),
  ];
  return missing.length > 0 ? [`There is no terminal to ask at: give ${missing.join(', and ')}.`] : [];
}

async function chooseClient({ client, terminal, machine, say }: SetupOptions): Promise<Checked<Client>> {
  const chosen = ALL.find(({ id }) => id === client);
  if (chosen) return { value: chosen };
  if (client || !terminal) return { problems: [`--client must be one of ${IDS.join(', ')}${didYouMean(client, IDS)}`] };
  const rows = ALL.map((each, index) => `  ${index + 1}  ${each.title.padEnd(16)}${each.file(machine)}\n`);
  say(`Which client shall start this server?\n${rows.join('')}`);
  const answer = await terminal.ask(`Number, 1 to ${ALL.length}: `);
  const value = ALL[Number(answer) - 1] ?? ALL.find(({ id }) => id === answer);
  return value ? { value } : { problems: ['No client was chosen.'] };
}

function planDemo(client: Client, { sources, start }: SetupOptions): Checked<Plan> {
  const config = readConfig(sources);
  if ('problems' in config) return config;
  const { MDCA_API_URL: _url, MDCA_API_TOKEN_FILE: _file, ...env } = environmentOf(sources);
  const launch = { command: start.node, args: [start.script, '--demo'], env };
  return { value: { client, name: 'mdca-demo', launch, sources } };
}

async function planTenant(client: Client, options: SetupOptions): Promise<Checked<Plan>> {
  const { machine, start } = options;
  const config = readConfig(options.sources);
  if ('problems' in config) return config;
  if (readAuth(options.sources) !== 'token') return { problems: [TOKENS_ONLY] };
  const asked = await askTenant({ ...options, needsToken: !options.printOnly });
  if ('problems' in asked) return asked;
  const { tenant, sources } = asked.value;
  const given = environmentOf(sources);
  const own = given.MDCA_API_TOKEN_FILE;
  const file = own ?? tokenFile(machine, new URL(tenant.origin).host);
  const env = { ...given, MDCA_API_URL: tenant.origin, MDCA_API_TOKEN_FILE: file };
  const launch = { command: start.node, args: [start.script], env };
  const token = own === undefined && { token: { file, secret: tenant.token } };
  return { value: { client, name: 'mdca', launch, sources, ...token } };
}

async function isReadable(sources: Sources, { check, say, terminal }: SetupOptions): Promise<boolean> {
  say('Reading one alert ...\n');
  const checked = check(sources);
  const { ok, text } = await (terminal ? Promise.race([checked, terminal.left]) : checked);
  say(`${text}\n${ok ? '' : 'Nothing was written.\n'}`);
  return ok;
}

/** Shows what will be written, asks, and writes it. */
async function write({ client, name, launch, token }: Plan, options: SetupOptions): Promise<Checked<number>> {
  const { machine, say, terminal, yes, start } = options;
  const file = client.file(machine);
  const before = attempt(file, () => readIfThere(file));
  if ('problems' in before) return before;
  const changed = withServer(before.value ?? '', client, name, launch);
  if ('problems' in changed) return { problems: changed.problems.map((problem) => `${file} ${problem}.`) };
  const { text, kept } = changed.value;
  say(`\n${file} will hold:\n${JSON.stringify(blockOf(client, name, launch), null, 2)}\n`);
  if (kept.length > 0) say(`What "${name}" had stays: ${kept.join(' ')}\n`);
  if (before.value === text) say('It does so already.\n');
  else if (before.value !== undefined)
    say('Everything else in the file stays, and a copy of the file is kept beside it.\n');
  if (token) say(`The API token goes into ${token.file}, which only you can read.\n`);
  if (/[\\/]_npx[\\/]/.test(start.script)) say(IN_CACHE);
  const agreed = yes || (terminal && /^y(?:es)?$/i.test(await terminal.ask('Write this? [y/N] ')));
  if (!agreed) {
    say('Nothing was written.\n');
    return { value: 1 };
  }
  const backup = writeBoth(token, file, () => replaceFile(file, before.value, text, new Date()));
  if ('problems' in backup) return backup;
  say(`Written.${backup.value === undefined ? '' : ` The former file is ${backup.value}.`}\n`);
  say(`Start ${client.title} again, and ask it: what is open in Defender for Cloud Apps?\n`);
  return { value: 0 };
}

/** The token first, so that a client never looks for one that is not there; but it does not stay alone. */
function writeBoth<T>(token: Plan['token'], file: string, replace: () => T): Checked<T> {
  if (!token) return attempt(file, replace);
  const wasThere = existsSync(token.file);
  const kept = attempt(token.file, () => writePrivate(token.file, `${token.secret}\n`));
  if ('problems' in kept) return kept;
  const replaced = attempt(file, replace);
  if ('problems' in replaced && !wasThere) rmSync(token.file);
  return replaced;
}

/** Does something with a file. What fails is told by the file and the code of the system. */
function attempt<T>(file: string, work: () => T): Checked<T> {
  try {
    return { value: work() };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'for an unknown cause';
    const why = error instanceof RangeError ? error.message : `cannot be read or written (${code})`;
    return { problems: [`${file} ${why}.`] };
  }
}
