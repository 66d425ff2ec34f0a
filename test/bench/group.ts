import { startService } from './loopback.ts';
import { ALERTS, CALL } from './record.ts';
import type { Bench } from './report.ts';
import { openSession, type Session } from './session.ts';
import type { Subject } from './subjects.ts';
import { createCheck, templateOf } from './template.ts';
import { callsOf, type Volley, volley } from './volley.ts';

/** A server that is called again and again. */
export interface Caller {
  readonly name: string;
  readonly session: Session;
  /** Makes the measured call this many times, and checks every answer. */
  calls(count: number, inFlight?: number): Promise<Volley>;
}

/** Runs with servers on one service, and then stops all. @param subjects make each server for the service's origin */
export async function withCallers<T>(
  { node }: Bench,
  subjects: readonly ((origin: string) => Subject)[],
  run: (callers: readonly Caller[], origin: string) => Promise<T>,
): Promise<T> {
  const service = await startService(ALERTS);
  const callers: Caller[] = [];
  try {
    for (const subject of subjects) callers.push(await createCaller(node, subject(service.origin)));
    return await run(callers, service.origin);
  } finally {
    for (const { session } of callers) await session.running.stop();
    service.stop();
  }
}

async function createCaller(node: string, subject: Subject): Promise<Caller> {
  const session = await openSession(node, subject);
  const first = await session.request('tools/call', CALL);
  if (first.result.isError || first.result.structuredContent?.alerts?.length !== 20) {
    throw new Error(`${subject.name} answers the call with ${first.line.subarray(0, 300)}`);
  }
  const idOf = createCheck(templateOf(first));
  let next = 1;
  return {
    name: subject.name,
    session,
    async calls(count, inFlight) {
      const made = await volley(session.running, callsOf(next, count, CALL), inFlight);
      const ids = new Set(made.lines.map(idOf));
      const isWhole = ids.size === count && Math.min(...ids) === next && Math.max(...ids) === next + count - 1;
      if (!isWhole) throw new Error(`${subject.name} has answered other calls than were made`);
      next += count;
      return made;
    },
  };
}
