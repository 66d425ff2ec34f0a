import * as z from 'zod';
import { stripInvisible } from '../../text/sanitize.ts';
import { FINDS } from './finds.ts';
import { MAX_LIMIT } from './list_output.ts';

/**
 * 24 hex digits, converted to lower case, as the service prints ids (docs/defender-api.md 2.4).
 * @param form says what it looks like, and which tool finds it
 */
const objectId = (form: string) =>
  z
    .string(form)
    .regex(/^[0-9a-fA-F]{24}$/, form)
    .transform((id) => id.toLowerCase());

export const alertId = objectId(`an alert id has 24 hex digits; ${FINDS.alert}`);
export const policyId = objectId(`a policy id has 24 hex digits; ${FINDS.policy}`).meta({ description: 'policy_id' });

export const alertIds = z
  .array(alertId, `a list of alert ids is needed; ${FINDS.alert}`)
  .min(1, 'name at least one alert')
  .max(1000, 'name at most 1000 alerts')
  .transform((ids) => [...new Set(ids)])
  .meta({ description: '24 hex digits each' });

/** Invisible characters are removed: the person who confirms must see all of the text that is sent. */
export const comment = z
  .string()
  .max(4000)
  .transform(stripInvisible)
  .optional()
  .meta({ description: 'Why, kept with the alert' });

export const limit = z.int().min(1).max(MAX_LIMIT).default(20).meta({ description: 'Most items' });

const APP_ID = `an app id is a whole number; ${FINDS.app}`;
export const appId = z.int(APP_ID).min(1, APP_ID).meta({ description: 'app_id' });

/**
 * An id that has no fixed form (docs/defender-api.md 2.4).
 * @param form says what it looks like, and which tool finds it
 */
export const formlessId = (form: string) => z.string(form).regex(/^\S{1,200}$/, form);
