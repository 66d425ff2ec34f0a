import type { TimeRange } from '../shared/time_argument.ts';
import { isGuid } from '../shared/user_argument.ts';
import type { ActivityQuery } from './activity_query.ts';

const DAY = 86_400_000;
/** How far back the service looks by itself, and by a narrow range of `date` (docs/defender-api.md 5.3). */
const LOOKS_BACK = 30 * DAY;
/** `30d` was read a moment ago, and means what the service looks at by itself. */
const LEEWAY = 60_000;
const KEEPS = 180 * DAY;
/** The longest range of older activities that it searches. */
const NARROW = 7 * DAY;

/** Whether a time lies further back than the service looks by itself. */
export function isOld(time: number): boolean {
  return time < Date.now() - LOOKS_BACK - LEEWAY;
}

/**
 * Tells that older activities were asked for and are not in the answer, which must not be read as if there were none.
 * @returns undefined if the service searches all that was asked for
 */
export function missingHistory(query: ActivityQuery, { gte, lte }: TimeRange): string | undefined {
  const bounds = [gte, lte].flatMap((bound) => bound ?? []);
  if (!bounds.some(isOld)) return undefined;
  if (gte !== undefined && lte !== undefined && lte - gte <= NARROW && isSearchable(query)) {
    return gte < Date.now() - KEEPS ? 'The service keeps activities for 180 days.' : undefined;
  }
  return (
    'Activities older than 30 days may be missing: the service searches them only from since to until at most 7 days ' +
    'apart, and only by UPN, ip, app_id, country and admin_only.'
  );
}

/** Whether the service searches older activities by these conditions. */
function isSearchable({ alert_id, user, device_type }: ActivityQuery): boolean {
  return alert_id === undefined && device_type === undefined && (user === undefined || !isGuid(user));
}
