import * as z from 'zod';
import { parseTime } from '../../core/time.ts';
import { sanitize, sanitizeOptional } from '../../text/sanitize.ts';
import { alertUrl } from '../alerts/alert.ts';
import { LONGEST_NAME, MOST_MEMBERS } from '../shared/bounds.ts';
import type { FeedPage } from './feed_page.ts';
import type { TriggerAlert } from './trigger_alert.ts';

const text = z.string().nullish();
const time = z
  .string()
  .refine((value) => value.trim() === '' || parseTime(value) !== undefined, 'must be a time')
  .nullish();

/** What the connector's trigger gives a flow (docs/defender-api.md 12.1). Other members are passed over. */
export const Delivery = z.object({
  Version: text,
  VendorName: text,
  ProviderName: text,
  AlertType: text,
  StartTimeUtc: time,
  EndTimeUtc: time,
  TimeGenerated: time,
  Severity: text,
  // The id of the API: by it, what comes so and what is polled is the same alert.
  ProviderAlertId: z.string().regex(/^\s*[\da-f]{24}\s*$/i, 'must be 24 hex digits'),
  ProviderPolicyId: text,
  CorrelationKey: text,
  AzureResourceId: text,
  CompromisedEntity: text,
  AlertDisplayName: text,
  Description: text,
  RemediationSteps: z.array(z.string()).nullish(),
  Metadata: z
    .object({
      Component: text,
      ComponentVersion: text,
      TenantId: text,
      MCASTenantId: text,
      MCASDC: text,
      DuplicateAlertsContextId: text,
      MCASAlertCategory: text,
    })
    .nullish(),
  ExtendedProperties: z.object({ 'IP Addresses': text, 'Cloud Applications': text, Countries: text }).nullish(),
  Entities: z
    .array(
      z.object({
        Type: text,
        Name: text,
        AadTenantId: text,
        AadUserId: text,
        UPNSuffix: text,
        Address: text,
        ResourceId: text,
        Domains: z.array(z.string()).nullish(),
      }),
    )
    .nullish(),
  ExtendedLinks: z.array(z.object({ Type: text, Category: text, Label: text, Href: text })).nullish(),
});
export type Delivery = z.output<typeof Delivery>;

/** The alert as readers get it: as plain as one that was polled, as short, and with the same link. */
export function toDelivered(given: Delivery, portal: string): TriggerAlert {
  const { StartTimeUtc, EndTimeUtc, TimeGenerated, ProviderAlertId, RemediationSteps, Metadata } = given;
  const { Entities, ExtendedProperties, ExtendedLinks: _, Description, ...texts } = given;
  const id = ProviderAlertId.trim().toLowerCase();
  return {
    ...plainMembers(texts),
    StartTimeUtc: isoTime(StartTimeUtc),
    EndTimeUtc: isoTime(EndTimeUtc),
    TimeGenerated: isoTime(TimeGenerated),
    ProviderAlertId: id,
    Description: sanitizeOptional(Description ?? undefined),
    RemediationSteps: RemediationSteps?.slice(0, MOST_MEMBERS).map((step) => sanitize(step)),
    Metadata: plainMembers(Metadata ?? {}),
    ExtendedProperties: plainMembers(ExtendedProperties ?? {}),
    Entities: (Entities ?? []).slice(0, MOST_MEMBERS).map(({ Domains, ...entity }) => ({
      ...plainMembers(entity),
      Domains: Domains?.slice(0, MOST_MEMBERS).map((domain) => sanitize(domain, LONGEST_NAME)),
    })),
    ExtendedLinks: [{ Href: alertUrl(portal, id) }],
  };
}

/** Nothing is known of other alerts, so a reader's place moves past none of them. */
export function toArrivedPage(alerts: readonly TriggerAlert[], now: number): FeedPage {
  return { alerts, complete: true, time: { earliest: 0, latest: now } };
}

function isoTime(given: string | null | undefined): string | undefined {
  const ms = parseTime(given ?? '');
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

type Plain<T> = { [Name in keyof T]?: string };

/** The members that are text, made plain. */
function plainMembers<T extends object>(given: T): Plain<T> {
  const plain: Plain<T> = {};
  for (const name in given) {
    const value = given[name];
    if (typeof value === 'string' && value !== '') plain[name] = sanitize(value, LONGEST_TEXT);
  }
  return plain;
}

/** Of one text, in characters. */
export const LONGEST_TEXT = 1_000;

/** Reads a payload. @returns the alert, or the first five members that are wrong, without their values */
export function readDelivery(
  value: unknown,
  portal: string,
): { readonly alert: TriggerAlert } | { readonly problem: string } {
  const { data, error } = Delivery.safeParse(value, { reportInput: true });
  if (data) return { alert: toDelivered(data, portal) };
  const wrong = error.issues.slice(0, 5).map(({ path, code, message, input }) => {
    const place = path.join('.') || 'the body';
    const type = input === undefined ? 'is missing' : 'has the wrong type';
    return `${place} ${code === 'custom' || code === 'invalid_format' ? message : type}`;
  });
  return { problem: `${wrong.join('; ')}.` };
}
