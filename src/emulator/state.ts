import type { Stream, Task } from './discovery_records.ts';
import type { FilePolicy, FileRecord } from './file_records.ts';
import type { Activity, Alert, AlertActivity, App, Entity, Policy, Subnet } from './records.ts';

/** The tenant as the service holds it: records in their wire shape (docs/defender-api.md 4 to 10). Live and mutable. */
export interface State {
  alerts: Alert[];
  activities: Activity[];
  alertActivities: AlertActivity[];
  policies: Policy[];
  apps: App[];
  /** Users, and their accounts in further apps (docs/defender-api.md 8). */
  entities: Entity[];
  files: FileRecord[];
  filePolicies: FilePolicy[];
  subnets: Subnet[];
  streams: Stream[];
  /** Governance log (docs/defender-api.md 10). */
  governance: Task[];
}
