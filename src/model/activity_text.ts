import type { Activity } from './activity.ts';

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
    const facts = [
      `${activity.time?.slice(0, 16) ?? '?'} ${activity.description ?? activity.action ?? activity.type ?? ''}`.trim(),
      activity.success === false && 'failed',
      activity.user,
      activity.app && (activity.app_id === undefined ? activity.app : `${activity.app} (${activity.app_id})`),
      place,
      address.filter(Boolean).join(' '),
      [activity.os, activity.browser].filter(Boolean).join(' '),
      activity.objects.filter((object) => !activity.description?.includes(object)).join(', '),
    ];
    return facts.filter(Boolean).join('; ');
  });
}
