import * as z from 'zod';
import { sanitize, sanitizeOptional } from '../../text/sanitize.ts';
import { toAlert, WireAlert, type WireEntity } from '../alerts/alert.ts';
import { STORIES } from '../alerts/alert_detail.ts';
import { LONGEST_NAME, MOST_MEMBERS } from '../shared/bounds.ts';
import { asNumber, wireList, wireNumber, wireText } from '../shared/wire.ts';

const text = (description: string) => z.string().optional().meta({ description });
const time = (description: string) => z.string().optional().meta({ format: 'date-time', description });

const Metadata = z.strictObject({
  Component: text('Component'),
  ComponentVersion: text('Version'),
  TenantId: text('Entra tenant'),
  MCASTenantId: text('Tenant'),
  MCASDC: text('Data centre'),
  DuplicateAlertsContextId: text('Context'),
  MCASAlertCategory: text('Category'),
});

const ExtendedProperties = z.strictObject({
  'IP Addresses': text('IP addresses'),
  'Cloud Applications': text('Apps (app_id)'),
  Countries: text('Country codes'),
});

const Entity = z.strictObject({
  Type: text('account, ip or cloud-application'),
  Name: text('Name'),
  AadTenantId: text('Entra tenant'),
  AadUserId: text('user_id'),
  UPNSuffix: text('UPN suffix'),
  Address: text('IP address'),
  ResourceId: text('Azure resource'),
  Domains: z.array(z.string()).optional().meta({ description: 'Domains' }),
});

const Link = z.strictObject({
  Type: text('Type'),
  Category: text('Category'),
  Label: text('Label'),
  Href: text('Address'),
});

/** The payload of the trigger, field for field as on the connector's reference page (docs/defender-api.md 12.1). */
export const TriggerAlert = z.strictObject({
  Version: text('Schema version'),
  VendorName: text('Vendor'),
  ProviderName: text('Provider'),
  AlertType: text('Alert type'),
  StartTimeUtc: time('First event'),
  EndTimeUtc: time('Last event'),
  TimeGenerated: time('Raised'),
  Severity: text('Severity'),
  ProviderAlertId: z.string().meta({ description: 'alert_id' }),
  ProviderPolicyId: text('policy_id'),
  CorrelationKey: text('Groups similar alerts'),
  AzureResourceId: text('Azure resource'),
  CompromisedEntity: text('Main entity'),
  AlertDisplayName: text('Title'),
  Description: text('Description'),
  RemediationSteps: z.array(z.string()).optional().meta({ description: 'Steps' }),
  Metadata: Metadata.meta({ description: 'Metadata' }),
  ExtendedProperties: ExtendedProperties.meta({ description: 'Properties' }),
  Entities: z.array(Entity).meta({ description: 'Entities' }),
  ExtendedLinks: z.array(Link).meta({ description: 'Links' }),
});
export type TriggerAlert = z.output<typeof TriggerAlert>;

/** An alert with the fields that only the trigger's payload needs. */
export const WireTriggerAlert = WireAlert.extend({
  contextId: wireText,
  idValue: wireNumber,
  stories: wireList(asNumber),
});
export type WireTriggerAlert = z.output<typeof WireTriggerAlert>;

/** The two alert types whose number and name are both known (docs/defender-api.md 4.6). */
const ALERT_TYPES: Readonly<Record<number, string>> = {
  15728642: 'MCAS_ALERT_CABINET_EVENT_MATCH_FILE',
  15859716: 'MCAS_ALERT_ANUBIS_DETECTION_VELOCITY',
};

/**
 * The trigger's payload as far as the REST API can fill it (docs/defender-api.md 12.1). These are absent, because the
 * API does not give them: Version, StartTimeUtc, EndTimeUtc, CorrelationKey, AzureResourceId, RemediationSteps, the
 * other members of Metadata, an app's Domains, an entity's ResourceId, and a link's Type, Category and Label.
 *
 * | field | from |
 * |---|---|
 * | VendorName, ProviderName | constant for every alert of this product |
 * | AlertType | `idValue`, where its name is known |
 * | TimeGenerated | `timestamp` |
 * | Severity | `severityValue` as Low, Medium, High, Informational |
 * | ProviderAlertId, ProviderPolicyId | `_id`, `policy` or the entity of type policyRule |
 * | CompromisedEntity | UPN, else e-mail address, of the first account; else the name of the first user |
 * | AlertDisplayName, Description | `title`, `description` |
 * | Metadata | `contextId` as TenantId, first of `stories` as MCASAlertCategory |
 * | ExtendedProperties, Entities | `entities` |
 * | ExtendedLinks | built from the tenant's origin and the id |
 *
 * Each list is cut to `MOST_MEMBERS`; `leftOutOf` says by how much.
 */
export function toTriggerAlert(wire: WireTriggerAlert, portal: string): TriggerAlert {
  const alert = toAlert(wire, portal, 'full');
  const tenant = sanitizeOptional(wire.contextId);
  const accounts = accountsIn(wire).slice(0, MOST_MEMBERS);
  const apps = alert.apps.map(({ name }) => ({ Type: 'cloud-application', Name: name }));
  return {
    VendorName: 'Microsoft',
    ProviderName: 'MCAS',
    AlertType: ALERT_TYPES[wire.idValue ?? 0],
    TimeGenerated: alert.created,
    Severity: alert.severity && alert.severity.charAt(0).toUpperCase() + alert.severity.slice(1),
    ProviderAlertId: alert.id,
    ProviderPolicyId: alert.policy?.id,
    CompromisedEntity: mainEntity(wire, alert.users),
    AlertDisplayName: alert.title,
    Description: alert.description,
    Metadata: { TenantId: tenant, MCASAlertCategory: STORIES[wire.stories[0] ?? -1]?.toUpperCase() },
    ExtendedProperties: {
      'IP Addresses': joined(alert.ips, alert.more_ips),
      'Cloud Applications': joined(
        alert.apps.map(({ id, name }) => (name ? `${name} (${id})` : String(id))),
        alert.more_apps,
      ),
      Countries: joined(alert.countries, alert.more_countries),
    },
    Entities: [
      ...accounts.map((entity) => toAccount(entity, tenant)),
      ...alert.ips.map((Address) => ({ Type: 'ip', Address })),
      ...apps,
    ],
    ExtendedLinks: [{ Href: alert.url }],
  };
}

/** The accounts of an alert, one for each app that a person uses. */
export function accountsIn({ entities }: WireTriggerAlert): WireEntity[] {
  return entities.filter(({ type }) => type === 'account');
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function toAccount({ id, label, pa, em }: WireEntity, tenant: string | undefined) {
  const [name, suffix] = (pa ?? em ?? '').split('@', 2);
  // Other apps' accounts have ids of their own, and belong to no Entra tenant.
  const isEntra = GUID.test(String(id));
  return {
    Type: 'account',
    Name: sanitizeOptional(name, LONGEST_NAME) ?? sanitizeOptional(label, LONGEST_NAME),
    UPNSuffix: sanitizeOptional(suffix, LONGEST_NAME),
    AadTenantId: isEntra ? tenant : undefined,
    AadUserId: isEntra ? String(id) : undefined,
  };
}

function mainEntity(
  { entities }: WireTriggerAlert,
  users: readonly { name?: string | undefined }[],
): string | undefined {
  const account = entities.find(({ type }) => type === 'account');
  return sanitizeOptional(account?.pa) ?? sanitizeOptional(account?.em) ?? users[0]?.name;
}

/** Longest list of names, in characters. */
export const LONGEST_LIST = 4000;

function joined(names: readonly string[], more: number | undefined): string | undefined {
  if (names.length === 0) return undefined;
  // Joined names can form a link or markup that no single name contains.
  return sanitize(`${names.join(', ')}${more === undefined ? '' : `, … and ${more} more`}`, LONGEST_LIST);
}

/** Severities from the least to the most severe. */
export const SEVERITY_ORDER = ['informational', 'low', 'medium', 'high'] as const;

/** An unknown severity counts as severe enough, so that the reader sees the alert. */
export function isAtLeast(
  { Severity }: TriggerAlert,
  minSeverity: (typeof SEVERITY_ORDER)[number] | undefined,
): boolean {
  const order: readonly string[] = SEVERITY_ORDER;
  const rank = order.indexOf(Severity?.toLowerCase() ?? '');
  return minSeverity === undefined || rank < 0 || rank >= order.indexOf(minSeverity);
}
