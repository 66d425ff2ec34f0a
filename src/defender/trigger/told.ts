import * as z from 'zod';
import { sanitize } from '../../text/sanitize.ts';
import { alertUrl } from '../alerts/alert.ts';
import { LONGEST_TEXT } from './delivery.ts';
import { type FeedPage, START } from './feed_page.ts';
import { LONGEST_LIST, TriggerAlert } from './trigger_alert.ts';

/*
 * What another process has told over Redis, where any program that can reach it could tell something, too. So texts are
 * made plain again, which changes nothing of those that were, and a link leads to this tenant's portal.
 */

/** @returns undefined for what is no alert */
export function toToldAlert(value: unknown, portal: string): TriggerAlert | undefined {
  const { data } = TriggerAlert.safeParse(value);
  if (!data) return undefined;
  const ProviderAlertId = sanitize(data.ProviderAlertId);
  const plain = TriggerAlert.safeParse(withPlainTexts({ ...data, ProviderAlertId, ExtendedLinks: [] })).data;
  return plain && { ...plain, ExtendedLinks: [{ Href: alertUrl(portal, ProviderAlertId) }] };
}

const Page = z.object({
  alerts: z.array(z.unknown()),
  leftOut: z.unknown(),
  complete: z.boolean(),
  time: z.object({ earliest: z.number(), latest: z.number() }),
});

/** @returns undefined for what is no page, or has something in it that is no alert */
export function toToldPage(value: unknown, portal: string): FeedPage | undefined {
  const { data } = Page.safeParse(value);
  if (!data || !(data.leftOut === undefined || data.leftOut instanceof Map)) return undefined;
  const alerts = data.alerts.flatMap((alert) => toToldAlert(alert, portal) ?? []);
  const leftOut =
    data.leftOut && new Map([...data.leftOut].map(([id, text]) => [String(id), sanitize(String(text), LONGEST_LIST)]));
  return alerts.length === data.alerts.length ? { ...data, alerts, leftOut } : undefined;
}

/** The most alerts that one reader can ask for: all of one moment, with those that it has been given. */
const MOST_WANTED = 110_000;
const Since = z.strictObject({ since: z.number().min(0), count: z.int().min(1).max(MOST_WANTED), ties: z.boolean() });

export function isFeedQuery(value: unknown): boolean {
  return value === START || Since.safeParse(value).success;
}

function withPlainTexts(value: object): unknown {
  return JSON.parse(JSON.stringify(value), (_name, member: unknown) =>
    typeof member === 'string' ? sanitize(member, Math.max(LONGEST_TEXT, LONGEST_LIST)) : member,
  );
}
