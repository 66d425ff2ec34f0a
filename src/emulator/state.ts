import type { Activity, Alert, App, Entity, Policy, Stream, Subnet, Task } from './records.ts';

/** The tenant as the service holds it: records in their wire shape (docs/defender-api.md 4 to 10). Live and mutable. */
export interface State {
  alerts: Alert[];
  activities: Activity[];
  policies: Policy[];
  apps: App[];
  /** People and service accounts (docs/defender-api.md 8). */
  entities: Entity[];
  subnets: Subnet[];
  streams: Stream[];
  /** Governance log (docs/defender-api.md 10). */
  governance: Task[];
}
