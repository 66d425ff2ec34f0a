import { startService } from './loopback.ts';
import { ALERTS, CALL } from './record.ts';
import type { Bench, BudgetRow } from './report.ts';
import { openSession } from './session.ts';
import { fullestWindow, rounded } from './stats.ts';
import { ours } from './subjects.ts';
import { callsOf, volley } from './volley.ts';

const LIMIT = 100;
const CALLS = 250;
const WINDOW_MS = 60_000;

/** Makes all calls at once, in real time, and counts them when they arrive, as the service does. */
export async function measureBudget({ node, note }: Bench): Promise<BudgetRow[]> {
  const ideal = (Math.ceil(CALLS / LIMIT) - 1) * WINDOW_MS;
  note(`budget: ${CALLS} calls at ${LIMIT} a minute, ${ideal / 1000} s at least`);
  const service = await startService(ALERTS);
  const { running } = await openSession(node, ours(service.origin, { MDCA_CALLS_PER_MINUTE: String(LIMIT) }));
  try {
    const { lines } = await volley(running, callsOf(1, CALLS, CALL), CALLS);
    const { arrivals } = await service.seen();
    const failed = lines.filter((line) => line.includes('"isError":true')).length;
    if (failed > 0 || arrivals.length !== CALLS) {
      throw new Error(`${failed} of ${CALLS} calls failed, ${arrivals.length} arrived`);
    }
    const fullest = fullestWindow(arrivals, WINDOW_MS);
    const taken = Math.max(...arrivals) - Math.min(...arrivals);
    return [{ limit: LIMIT, calls: CALLS, fullest, taken: rounded(taken / 1000), ideal: ideal / 1000 }];
  } finally {
    await running.stop();
    service.stop();
  }
}
