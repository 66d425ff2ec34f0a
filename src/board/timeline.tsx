import type { Evidence } from './alerts.ts';
import { SourceMark } from './marks.tsx';
import type { Source } from './places.ts';
import { minuteOf, timeOf } from './times.ts';

type Activity = Evidence['activities'][number];

/** How activities belong to the alert, before how many there are. */
const HOW = {
  alert_id: 'Tied to the alert',
  audits: 'Named by the alert',
  users_around: 'Of its users from 2 h before to 10 min after; not tied to it',
  nothing: 'None is tied to the alert, and none of its users did anything around it.',
  not_searched: 'None is tied to the alert; those around it were not looked for, as it names no user or time.',
  too_old: 'None came: the service no longer finds activities of this age by alert.',
} as const;

interface Props {
  readonly evidence: Evidence;
  readonly sources: readonly Source[];
}

/** Who did what, when and from where, the latest first. */
export function Timeline({ evidence, sources }: Props) {
  const { activities, returned, total = returned, total_is_floor, user, found_by } = evidence;
  const cut = total > returned || total_is_floor ? ` of ${total_is_floor ? 'more than ' : ''}${total}` : '';
  return (
    <>
      <p class="quiet">
        {HOW[found_by]}
        {returned > 0 && `: ${returned}${cut}${user === undefined ? '' : `, by ${user}`}. Times are UTC.`}
      </p>
      <ol class="timeline">
        {activities.map((activity, n) => (
          <Event
            key={activity.id}
            activity={activity}
            source={sources.find(({ number }) => number === activity.source)}
            before={activities[n - 1]}
          />
        ))}
      </ol>
    </>
  );
}

interface EventProps {
  readonly activity: Activity;
  readonly source: Source | undefined;
  readonly before: Activity | undefined;
}

function Event({ activity, source, before }: EventProps) {
  const { description, failed, user, app_name, objects = [], more_objects, count, since } = activity;
  const { day, clock } = timeOf(activity);
  const isNewDay = before === undefined || timeOf(before).day !== day;
  return (
    <li data-risky={source?.isRisky === true}>
      <time class="clock" dateTime={activity.time}>
        {isNewDay && <span class="day">{day}</span>} {clock}
      </time>
      <div>
        <p class="what" dir="auto">
          {description ?? 'Unknown activity'} {failed && <span class="tag risky">failed</span>}
          {count !== undefined && (
            <span class="quiet">
              {count}× since {since === undefined ? 'an unknown time' : minuteOf(since)}
            </span>
          )}
        </p>
        {objects.length > 0 && (
          <p class="quiet">
            {objects.join(', ')}
            {more_objects !== undefined && ` and ${more_objects} more`}
          </p>
        )}
        <p class="quiet">
          {user && `${user} · `}
          {app_name && `${app_name} · `}
          {source && (
            <>
              {source.place || 'Unknown place'} · <span class="code">{source.address}</span>{' '}
              <SourceMark source={source} />
            </>
          )}
        </p>
      </div>
    </li>
  );
}
