import { LEVELS } from '../core/log.ts';
import { isRoute, type RouteName, routeNames, UNDOCUMENTED } from '../http/undocumented_routes.ts';
import { GROUPS } from '../tool/groups.ts';
import { HTTP_SETTINGS } from './http_settings.ts';
import { define, file, type Kind, names, oneOf, type Setting, text, whole } from './kinds.ts';
import { REDIS_SETTINGS } from './redis_settings.ts';

export const WRITES = ['off', 'confirm', 'allow'] as const;
export const AUTH = ['token', 'entra', 'device'] as const;

const route = (name: RouteName): Kind<string> => ({
  fallback: UNDOCUMENTED[name].path,
  read: (path) =>
    isRoute(name, path) ? { value: path } : { problem: `must be a path like ${UNDOCUMENTED[name].path}` },
});

const UNSURE = 'Microsoft does not document this route.';

/**
 * Every setting. The help, docs/settings.md and the check for unknown names all come from here. Not a zod
 * schema: making and parsing one took a twelfth of a start, and each setting is a single text.
 */
export const SETTINGS = {
  apiUrl: define(
    'MDCA_API_URL',
    text,
    'API URL of the tenant, from the Defender portal: Settings, Cloud Apps, System, About. Required.',
  ),
  apiToken: {
    ...define(
      'MDCA_API_TOKEN',
      text,
      'API token, from Settings, Cloud Apps, System, API tokens. Required, or the next.',
    ),
    secret: true,
  },
  apiTokenFile: define('MDCA_API_TOKEN_FILE', file, 'File that holds the API token.'),
  auth: define(
    'MDCA_AUTH',
    oneOf('token', AUTH),
    'How to sign in to the service. `token`: by the API token. `entra`: as an application. `device`: as a person.',
  ),
  allowHosts: define(
    'MDCA_ALLOW_HOSTS',
    names,
    'Further hosts that MDCA_API_URL and AZURE_AUTHORITY_HOST may name, separated by commas.',
  ),
  callsPerMinute: define(
    'MDCA_CALLS_PER_MINUTE',
    whole(100, 1, 1_000_000),
    "Most calls to the tenant in any 60 s. 100 is the connector's limit; Microsoft documents 30 for the API.",
  ),
  requestTimeoutSeconds: define(
    'MDCA_REQUEST_TIMEOUT_SECONDS',
    whole(30, 1, 600),
    'Longest wait for one answer of the service.',
  ),
  pollSeconds: define(
    'MDCA_POLL_SECONDS',
    whole(60, 5, 86_400),
    'Between two looks for new alerts while a client subscribes or waits; none otherwise.',
  ),
  writes: define(
    'MDCA_WRITES',
    oneOf('confirm', WRITES),
    'How changes are made. `off`: no tool that changes anything is listed or run. `confirm`: after a confirmation. ' +
      '`allow`: at once, for unattended automation.',
  ),
  tools: define(
    'MDCA_TOOLS',
    names,
    `Only these tools, by name or group (${GROUPS.join(', ')}), separated by commas. Empty: all.`,
  ),
  excludeTools: define('MDCA_EXCLUDE_TOOLS', names, 'Not these tools, by name or group; wins over MDCA_TOOLS.'),
  answerTokens: define(
    'MDCA_ANSWER_TOKENS',
    whole(10_000, 0, 1_000_000),
    'Most tokens of an answer, estimated; a longer list ends early, with a cursor. `0`: no bound, for programs.',
  ),
  auditFile: define(
    'MDCA_AUDIT_FILE',
    file,
    'File that takes a line before and after each write; what cannot be written there is not done.',
  ),
  logLevel: define('MDCA_LOG_LEVEL', oneOf('info', LEVELS), `Least level logged on stderr: ${LEVELS.join(', ')}.`),
};

/** A setting for each undocumented route. */
export const ROUTE_SETTINGS = routeNames.map((name) => [name, defineRoute(name)] as const);

/** In the order of the help. */
export const settings: readonly Setting[] = [
  ...Object.values(SETTINGS),
  ...Object.values(HTTP_SETTINGS),
  ...Object.values(REDIS_SETTINGS),
  ...ROUTE_SETTINGS.map(([, setting]) => setting),
];

function defineRoute(name: RouteName): Setting<string> {
  return define(name, route(name), `${UNDOCUMENTED[name].purpose}. ${UNSURE}`);
}

/** `MDCA_CALLS_PER_MINUTE` → `calls-per-minute`; empty for a secret. */
export function flagOf({ name, secret }: Setting): string {
  return secret ? '' : name.replace('MDCA_', '').toLowerCase().replaceAll('_', '-');
}
