import type { ToolApi } from '../../tool/tool.ts';
import { PAGE_SIZE, readList } from '../shared/paged_list.ts';
import { type Alert, toAlert } from './alert.ts';
import { alertList } from './alert_list.ts';

/** The newest alerts: one call. */
async function recentAlerts(api: ToolApi): Promise<Alert[]> {
  const { items } = await readList(api, { ...alertList, filters: {}, limit: PAGE_SIZE });
  return items.map((wire) => toAlert(wire, api.origin));
}

/** Ids of the newest alerts. */
export async function recentAlertIds(api: ToolApi): Promise<string[]> {
  return (await recentAlerts(api)).map(({ id }) => id);
}

/** Ids of the users of the newest alerts. */
export async function recentUserIds(api: ToolApi): Promise<string[]> {
  return unique((await recentAlerts(api)).flatMap(({ users }) => users.map(({ id }) => id)));
}

/** Ids of the policies of the newest alerts. */
export async function recentPolicyIds(api: ToolApi): Promise<string[]> {
  return unique((await recentAlerts(api)).flatMap(({ policy }) => policy?.id ?? []));
}

function unique(ids: readonly string[]): string[] {
  return [...new Set(ids)];
}
