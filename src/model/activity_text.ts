import { quoted } from '../text.ts';
import type { Activity } from './activity.ts';

/** Most objects named in a line; the structured answer has more. */
const MOST_OBJECTS = 3;

/** A line for each activity; what it leaves out (user agent, ids) is in the structured answer. */
export function activityLines(activities: readonly Activity[]): string[] {
  return activities.map((activity) => {
    const place = [activity.city, activity.country].filter(Boolean).join(', ');
    const address = [
      activity.ip,
      activity.anonymous_proxy && 'anonymous proxy',
      activity.ip_category,
      activity.organization,
    ];
    const deed = activity.description ?? activity.action ?? activity.type ?? '';
    const facts = [
      `${activity.time?.slice(0, 16) ?? '?'} ${quoted(deed, 160)}`.trim(),
      activity.success === false && 'failed',
      activity.user,
      activity.app && (activity.app_id === undefined ? activity.app : `${activity.app} (${activity.app_id})`),
      place,
      address.filter(Boolean).join(' '),
      [activity.os, activity.browser].filter(Boolean).join(' '),
      ...activity.objects
        .filter((object) => !activity.description?.includes(object))
        .slice(0, MOST_OBJECTS)
        .map((object) => quoted(object, 60)),
    ];
    return facts.filter(Boolean).join('; ');
  });
}
