import type { Alert } from '../records.ts';
import type { State } from '../state.ts';
import type { Incident } from './incident.ts';
import { rangeId } from './networks.ts';
import { policyId } from './policies.ts';
import type { Dated } from './stage.ts';
import type { Verdict } from './verdict.ts';

/** What is true about an alert, and the ids of the records that show it. */
export interface Truth {
  alertId: string;
  verdict: Verdict;
  activities: string[];
  ipRanges: string[];
  files: string[];
  apps: number[];
  /** Entra object ids. */
  users: string[];
  policies: string[];
  /** Why no call to the service can decide, if none can. */
  undecidable?: string;
}

/** The truth about an incident that was raised as an alert; its deeds with their activities, and its files, exist. */
export function truthOf(incident: Incident, alert: Alert, dated: readonly Dated[], { files }: State): Truth {
  const { verdict, deciding = {}, undecidable, who } = incident;
  const isDeciding = (name: string, owner: string) => owner === who?.upn && (deciding.files ?? []).includes(name);
  return {
    alertId: alert._id,
    verdict,
    activities: dated.filter(([{ decides }]) => decides).map(([, { _id }]) => _id),
    ipRanges: (deciding.ranges ?? []).map(rangeId),
    files: files.filter(({ name, ownerAddress }) => isDeciding(name, ownerAddress)).map(({ _id }) => _id),
    apps: [...(deciding.apps ?? [])],
    users: (deciding.users ?? []).map(({ id }) => id),
    policies: (deciding.policies ?? []).map(policyId),
    ...(undecidable !== undefined && { undecidable }),
  };
}
