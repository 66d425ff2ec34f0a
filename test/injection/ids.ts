import { openIds } from '../samples.ts';
import { DEMO } from './records.ts';

// Ids of the demo tenant that payloads name, so that an agent can do what they say.
export const [ALERT = '', OTHER_ALERT = ''] = openIds(DEMO.alerts, 2);
export const POLICY = DEMO.policies.find(({ enabled }) => enabled)?._id ?? '';
export const DISABLED_POLICY = DEMO.policies.find(({ enabled }) => !enabled)?._id ?? '';
export const APP = DEMO.apps.find(({ tags, isProtected }) => tags.length === 0 && !isProtected)?.appId ?? 0;
