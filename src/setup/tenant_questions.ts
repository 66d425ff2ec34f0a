import { type Checked, readTenant, type Sources, type Tenant } from '../config/config.ts';
import type { Setting } from '../config/kinds.ts';
import { flagOf, SETTINGS } from '../config/settings.ts';
import type { Terminal } from './terminal.ts';

/** How often one question is put before its problem ends the setup. */
const ATTEMPTS = 3;

const { apiUrl, apiToken, apiTokenFile } = SETTINGS;
const URL_HINT = '\nThe API URL stands in the Defender portal: Settings, Cloud Apps, System, About.\n';
const TOKEN_HINT = 'API tokens are made there: Settings, Cloud Apps, System, API tokens.\n';

/** The tenant, and the sources with what a person has answered. */
export interface AskedTenant {
  readonly tenant: Tenant;
  readonly sources: Sources;
}

export interface TenantQuestions {
  readonly sources: Sources;
  /** Undefined where nobody can be asked. */
  readonly terminal: Terminal | undefined;
  readonly say: (text: string) => void;
  /** Whether a token is needed. */
  readonly needsToken: boolean;
}

/** Asks for what the settings do not hold: the tenant's URL, and its token. */
export async function askTenant({
  sources,
  terminal,
  say,
  needsToken,
}: TenantQuestions): Promise<Checked<AskedTenant>> {
  let known = sources;
  if (terminal && !isSet(sources, apiUrl)) {
    say(URL_HINT);
    const answered = await repeat(say, async () => readUrl(withUrl(sources, await terminal.ask('API URL: '))));
    if ('problems' in answered) return answered;
    known = withUrl(sources, answered.value.tenant.origin);
  }
  const url = readUrl(known);
  if (!needsToken || (terminal && 'problems' in url)) return url;
  if (!terminal || isSet(sources, apiToken) || isSet(sources, apiTokenFile)) return read(known);
  say(TOKEN_HINT);
  return repeat(say, async () => read(withToken(known, await terminal.askHidden('API token (not shown): '))));
}

function isSet({ flags, environment }: Sources, setting: Setting): boolean {
  return Boolean(flags[flagOf(setting)]?.trim() || environment[setting.name]?.trim());
}

function read(sources: Sources): Checked<AskedTenant> {
  const checked = readTenant(sources);
  return 'value' in checked ? { value: { tenant: checked.value, sources } } : checked;
}

/** The same without a look at the token: it stands in for any. */
function readUrl(sources: Sources): Checked<AskedTenant> {
  const flags = { ...sources.flags, [flagOf(apiTokenFile)]: undefined };
  const environment = { ...sources.environment, [apiTokenFile.name]: undefined };
  const checked = read(withToken({ ...sources, flags, environment }, 'any'));
  return 'value' in checked ? { value: { ...checked.value, sources } } : checked;
}

/** Puts a question again while its answer is refused, and says why. */
async function repeat<T>(say: (text: string) => void, ask: () => Promise<Checked<T>>): Promise<Checked<T>> {
  for (let attempt = 1; ; attempt++) {
    const checked = await ask();
    if ('value' in checked || attempt === ATTEMPTS) return checked;
    say(`${checked.problems.join('\n')}\n`);
  }
}

function withUrl(sources: Sources, url: string): Sources {
  return { ...sources, flags: { ...sources.flags, [flagOf(apiUrl)]: url } };
}

function withToken(sources: Sources, token: string): Sources {
  return { ...sources, environment: { ...sources.environment, [apiToken.name]: token } };
}
