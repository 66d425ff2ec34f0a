import * as z from 'zod';
import { TriggerAlert } from './trigger.ts';

/** Alerts of any state since a time, oldest first. */
export const Visible = z.strictObject({
  alerts: z.array(TriggerAlert),
  /** There is nothing beyond them. */
  complete: z.boolean(),
});
export type Visible = z.output<typeof Visible>;

/** Which alerts a reader needs to see. */
export interface FeedNeed {
  /** ms since the epoch */
  readonly since: number;
  /** How many, if there are as many. */
  readonly least: number;
}

/** Alerts as they arrive, by one poll for everyone who waits. */
export interface Feed {
  /** Looks at once. @throws Fault, or the signal's reason */
  now(need: FeedNeed, signal: AbortSignal): Promise<Visible>;
  /** Hears each later look, until it leaves. */
  join(need: FeedNeed, listener: (visible: Visible) => void): () => void;
}

/** Whether what was read for another reader holds as much as this one needs. */
export function serves({ alerts, complete }: Visible, { since, least }: FeedNeed): boolean {
  return complete || alerts.filter(({ TimeGenerated }) => Date.parse(TimeGenerated ?? '') >= since).length >= least;
}
