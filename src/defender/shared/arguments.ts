import * as z from 'zod';
import { stripInvisible } from '../../text/sanitize.ts';
import { MAX_LIMIT } from './list_output.ts';

/** 24 hex digits, converted to lower case, as the service prints ids (docs/defender-api.md 2.4). */
const objectId = (what: string) =>
  z
    .string()
    .regex(/^[0-9a-fA-F]{24}$/, `${what} has 24 hex digits`)
    .transform((id) => id.toLowerCase());

export const alertId = objectId('an alert id');
export const policyId = objectId('a policy id').meta({ description: 'policy_id' });

export const alertIds = z
  .array(alertId)
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

export const appId = z.int().min(1).meta({ description: 'app_id' });
