import type { Activity, Alert, App, Entity, Policy, Stream, Subnet, Task } from './records.ts';

/** The tenant as the service holds it: records in their wire shape (defender-api.md §3). Live and mutable. */
export interface State {
  alerts: Alert[];
  activities: Activity[];
  policies: Policy[];
  apps: App[];
  /** People and service accounts (§3.3). */
  entities: Entity[];
  subnets: Subnet[];
  streams: Stream[];
  /** Governance log (§3.7). */
  governance: Task[];
}
