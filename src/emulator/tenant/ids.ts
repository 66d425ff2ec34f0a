import { createHash } from 'node:crypto';
import { digitsOf } from './vary.ts';

/** The fictional tenant: MDCA number, Entra guid, domain and portal (docs/defender-api.md 2.4 and 4.2, `URL`). */
export const TENANT = {
  number: 40001234,
  contextId: guid('tenant'),
  domain: 'contoso.com',
  portal: 'https://contoso.us2.portal.cloudappsecurity.com',
};

const DRIVE = guid('drive');

/** Kinds of records, each with its own range of counters, so that their ids do not collide. */
const KINDS = {
  alert: 0x1a,
  policy: 0x2b,
  entity: 0x3c,
  subnet: 0x4d,
  stream: 0x5e,
  task: 0x6f,
  file: 0x70,
  group: 0x71,
};

/** The start of the tenant as its ids show it, in seconds since 1970: constant, so that ids are the same each time. */
const ISSUED = 0x68c2a5f0;

/** 24 lower-case hex digits, built as a Mongo ObjectId: time, machine, counter. */
export function objectId(kind: keyof typeof KINDS, count: number, secondsFromStart = 0): string {
  const counter = KINDS[kind] * 0x10000 + count;
  return `${hex((ISSUED + secondsFromStart) >>> 0, 8)}c41f0a9e73${hex(counter, 6)}`;
}

/** A version 4 guid that depends on the seed only. */
export function guid(seed: string): string {
  return toGuid(createHash('sha256').update(seed).digest('hex'));
}

/** The same, made quicker, for the many things that a tenant holds. */
export function quickGuid(seed: string): string {
  return toGuid(digitsOf(seed, 4));
}

/** The id of an activity (docs/defender-api.md 2.4): a sign-in's has 64 hex digits. */
export function activityId(seed: string, app: number, isSignIn: boolean): string {
  return isSignIn ? digitsOf(seed, 8) : `${TENANT.number}_${app}_${quickGuid(seed)}`;
}

/** A file's native id (docs/defender-api.md 2.4), made from its owner's UPN and its name. */
export function fileId(owner: string, name: string): string {
  return `${DRIVE}|${quickGuid(`file ${owner} ${name}`)}`;
}

function toGuid(digits: string): string {
  const variant = `4${digits.slice(13, 16)}-a${digits.slice(17, 20)}`;
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-${variant}-${digits.slice(20, 32)}`;
}

function hex(value: number, width: number): string {
  return value.toString(16).padStart(width, '0');
}
