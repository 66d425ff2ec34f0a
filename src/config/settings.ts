import * as z from 'zod';
import { isRoute, type RouteName, UNDOCUMENTED } from '../http/routes.ts';
import { LEVELS } from '../log.ts';
import { GROUPS } from '../tool.ts';

const WRITES = ['off', 'confirm', 'allow'] as const;

const whole = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(least, `must be at least ${least}`).max(most, `must be at most ${most}`));

const names = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter(Boolean))
  .refine((list) => list.length > 0, 'names nothing')
  .optional();

const route = (name: RouteName, purpose: string) =>
  z
    .string()
    .refine((text) => isRoute(name, text), `must be a path like ${UNDOCUMENTED[name]}`)
    .prefault(UNDOCUMENTED[name])
    .describe(`${purpose}. Microsoft does not document this route.`);

/**
 * Every setting under the name of its environment variable; its flag is the same name without `MDCA_`. The help, the
 * README's table and the check for unknown names all come from here. `secret` settings have no flag: other users of the
 * machine can read a command line.
 */
export const Settings = z.object({
  MDCA_API_URL: z
    .string()
    .optional()
    .describe('API URL of the tenant, from the Defender portal: Settings, Cloud Apps, System, About. Required.'),
  MDCA_API_TOKEN: z.string().optional().meta({
    secret: true,
    description: 'API token, from Settings, Cloud Apps, System, API tokens. Required, or the next.',
  }),
  MDCA_API_TOKEN_FILE: z.string().optional().describe('File that holds the API token.'),
  MDCA_ALLOW_HOSTS: names.describe('Further hosts that MDCA_API_URL may name, separated by commas.'),
  MDCA_CALLS_PER_MINUTE: whole(1, 1_000_000)
    .prefault('100')
    .describe(
      "Most calls to the tenant in any 60 s. 100 is the connector's limit; Microsoft documents 30 for the API.",
    ),
  MDCA_REQUEST_TIMEOUT_SECONDS: whole(1, 600).prefault('30').describe('Longest wait for one answer of the service.'),
  MDCA_POLL_SECONDS: whole(5, 86_400)
    .prefault('60')
    .describe('Between two looks for new alerts while a client subscribes or waits; none otherwise.'),
  MDCA_WRITES: z
    .enum(WRITES, 'must be off, confirm or allow')
    .prefault('confirm')
    .describe(
      'How changes are made. `off`: no tool that changes anything is listed or run. `confirm`: after a confirmation. ' +
        '`allow`: at once, for unattended automation.',
    ),
  MDCA_TOOLS: names.describe(
    `Only these tools, by name or group (${GROUPS.join(', ')}), separated by commas. Empty: all.`,
  ),
  MDCA_EXCLUDE_TOOLS: names.describe('Not these tools, by name or group; wins over MDCA_TOOLS.'),
  MDCA_AUDIT_FILE: z
    .string()
    .optional()
    .describe('File that takes a line before and after each write; what cannot be written there is not done.'),
  MDCA_LOG_LEVEL: z
    .enum(LEVELS, `must be one of ${LEVELS.join(', ')}`)
    .prefault('info')
    .describe('Least level logged on stderr.'),
  MDCA_ROUTE_GET_POLICY: route('MDCA_ROUTE_GET_POLICY', 'Reads a policy'),
  MDCA_ROUTE_ENABLE_POLICY: route('MDCA_ROUTE_ENABLE_POLICY', 'Switches a policy on'),
  MDCA_ROUTE_DISABLE_POLICY: route('MDCA_ROUTE_DISABLE_POLICY', 'Switches a policy off'),
  MDCA_ROUTE_TAG_APP: route('MDCA_ROUTE_TAG_APP', 'Tags an app'),
  MDCA_ROUTE_APP_TAGS: route('MDCA_ROUTE_APP_TAGS', "Reads an app's tags"),
  MDCA_ROUTE_GET_APP: route('MDCA_ROUTE_GET_APP', "Reads an app's name"),
});
