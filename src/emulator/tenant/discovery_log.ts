import type { Stream, Task } from '../discovery_records.ts';
import { objectId } from './ids.ts';

const HOUR = 60 * 60 * 1000;

/** Discovery streams (docs/defender-api.md 7.4, D1); `start` in ms. */
export function createStreams(start: number): Stream[] {
  const created = new Date(start - 90 * 24 * HOUR).toISOString();
  const lastModified = new Date(start - HOUR).toISOString();
  const times = { created, lastModified };
  return [
    { _id: objectId('stream', 1), displayName: 'Global View', logType: 0, streamType: 3, receiverType: '', ...times },
    { _id: objectId('stream', 2), displayName: 'Proxy', logType: 120, streamType: 1, receiverType: 'syslog', ...times },
    { _id: objectId('stream', 3), displayName: 'Endpoints', logType: 195, streamType: 1, receiverType: '', ...times },
  ];
}

/** The governance log (docs/defender-api.md 10); `start` in ms. */
export function createTasks(start: number): Task[] {
  return Array.from({ length: 12 }, (_, index) => {
    const isSuccess = index % 5 !== 4;
    const timestamp = start - (index * 11 + 2) * HOUR;
    return {
      _id: objectId('task', index + 1, -(index * 11 + 2) * 3600),
      taskName: index % 3 === 0 ? 'DiscoveryCalculateTask' : 'DiscoveryParseLogTask',
      timestamp,
      updateTimestamp: timestamp + 90_000,
      status: {
        isSuccess,
        templateMessage: { template: isSuccess ? 'TASKS_SUCCESS' : 'TASKS_FAILED', parameters: { stream: 'Proxy' } },
      },
    };
  });
}
