import { quoteField, quoteId } from '../../text/sanitize.ts';
import type { Activity } from './activity.ts';

/** Where an activity came from, in words: address, its category, place, network, device. Empty if nothing is known. */
export function sourceOf(activity: Activity): string {
  const { ip, ip_category, anonymous_proxy, country, city, organization, device, os, browser, user_agent } = activity;
  // A desktop computer and no category are the usual case.
  const agent = [device === 'DESKTOP' ? undefined : device, os, browser].filter(Boolean).join(' ');
  const category = ip_category === 'NONE' ? undefined : ip_category;
  const facts = [
    [ip && quoteId(ip), category && quoteId(category), anonymous_proxy && 'anonymous proxy'],
    [city && quoteField(city), country && quoteId(country)],
    // The prefix is needed because a network owner can choose a name that looks like a category.
    [organization && `org ${quoteField(organization)}`],
    [agent && quoteField(agent)],
    [!os && !browser && user_agent && quoteField(user_agent)],
  ];
  return facts
    .map((fact) => fact.filter(Boolean).join(' '))
    .filter(Boolean)
    .join('; ');
}
