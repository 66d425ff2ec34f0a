import { quoteField, quoteId } from '../../text/sanitize.ts';
import type { Activity } from './activity.ts';

/** Most objects named in a line; the structured answer has more. */
const MOST_OBJECTS = 3;

/** A line for each activity; the structured answer also has the user agent, the activity id and more. */
export function activityLines(activities: readonly Activity[]): string[] {
  return activities.map((activity) => {
    const what = activity.description ?? activity.action ?? activity.type ?? '';
    const { user, app, app_id, objects, more_objects = 0 } = activity;
    const named = objects.filter((object) => !activity.description?.includes(object));
    const more = named.length + more_objects - MOST_OBJECTS;
    const facts = [
      `${activity.time?.slice(0, 16) ?? '?'} ${quoteField(what, 160)}`.trim(),
      activity.success === false && 'failed',
      user && quoteField(user, 80),
      app && (app_id === undefined ? quoteField(app, 60) : `${quoteField(app, 60)} (${app_id})`),
      placeOf(activity),
      addressOf(activity),
      quoteField([activity.os, activity.browser].filter(Boolean).join(' '), 80),
      ...named.slice(0, MOST_OBJECTS).map((object) => quoteField(object, 60)),
      more > 0 && `+${more} objects`,
    ];
    return facts.filter(Boolean).join('; ');
  });
}

function placeOf({ city, country }: Activity): string {
  return [city && quoteField(city, 60), country && quoteId(country)].filter(Boolean).join(', ');
}

function addressOf({ ip, anonymous_proxy, ip_category, organization }: Activity): string {
  const facts = [
    ip && quoteId(ip),
    anonymous_proxy && 'anonymous proxy',
    ip_category && quoteId(ip_category),
    // The prefix is needed because a network owner can choose a name that looks like a category.
    organization && `org ${quoteField(organization, 60)}`,
  ];
  return facts.filter(Boolean).join(' ');
}
