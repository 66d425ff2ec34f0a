import * as z from 'zod';
import type { Filters } from './filters.ts';
import { FINDS } from './finds.ts';

/** Office 365 with Entra, the app whose accounts carry Entra object ids (docs/defender-api.md 5.1). */
const ENTRA = { saas: 11161, inst: 0 };

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** A user principal name. Its characters cannot end a word of a filter. */
const UPN = /^[^\s@"<>\\,;]{1,64}@[^\s@"<>\\,;]{1,255}$/;

const USER = `a user is an Entra object id (a GUID) or a user principal name, not a display name; ${FINDS.user}`;

/** A user by Entra object id, in lower case as the service prints it, or by user principal name. */
export const user = z
  .string(USER)
  .refine((text) => isGuid(text) || isUpn(text), USER)
  .transform((text) => (isGuid(text) ? text.toLowerCase() : text))
  .meta({ description: 'Entra id or UPN' });

export function isGuid(text: string): boolean {
  return GUID.test(text);
}

export function isUpn(text: string): boolean {
  return UPN.test(text);
}

/** The key of an account (docs/defender-api.md 2.4). @param id Entra object id */
export function accountKey(id: string): { readonly id: string; readonly saas: number; readonly inst: number } {
  return { id, ...ENTRA };
}

/** The filter for what a user did (docs/defender-api.md 5.1): `user.username` takes a UPN and matches no object id. */
export function activityUserFilter(text: string): Filters {
  return isGuid(text) ? { entity: { eq: [accountKey(text)] } } : { 'user.username': { eq: [text] } };
}

/** The filter for alerts about a user (docs/defender-api.md 4.7); `entity.user` was seen in a client of Microsoft. */
export function alertUserFilter(text: string): Filters {
  return isGuid(text) ? { 'entity.entity': { eq: [accountKey(text)] } } : { 'entity.user': { eq: [text] } };
}

/** Names are compared without case. */
export function isSameName(a: string | number | undefined, b: string): boolean {
  return String(a).toLowerCase() === b.toLowerCase();
}
