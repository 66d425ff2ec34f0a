import type { Task } from '../discovery_records.ts';
import type { HandlerCall } from '../handler.ts';
import { isRecord } from '../json.ts';
import { field } from '../query/filter.ts';
import { number } from '../query/kinds.ts';
import { list } from '../query/list_reply.ts';
import { notFound, ok, type Reply } from '../reply.ts';

/** The governance log. Any filter but `timestamp` gives an empty list without an error (docs/defender-api.md 10). */
export function listTasks(call: HandlerCall): Reply {
  const { filters } = call.input;
  const isSupported = Object.keys(isRecord(filters) ? filters : {}).every((name) => name === 'timestamp');
  const listing = {
    fields: { timestamp: field(number, ['gte', 'lte', 'range'], (task: Task) => [task.timestamp]) },
    sorts: { timestamp: (task: Task) => task.timestamp },
  };
  if (!isSupported) return list({ ...call, input: { ...call.input, filters: {} } }, [], listing);
  return list(call, call.state.governance, listing);
}

export function fetchTask({ state, params }: HandlerCall): Reply {
  const task = state.governance.find((it) => it._id === params.id?.toLowerCase());
  return task ? ok(task) : notFound();
}
