import type { Entity } from '../records.ts';
import { type Device, devices } from './devices.ts';
import { guid, objectId, TENANT } from './ids.ts';
import { home, type Office, offices, type Place } from './places.ts';

/** A person or a service account. */
export interface Person {
  number: number;
  name: string;
  upn: string;
  /** Entra object id. */
  id: string;
  job: string;
  home: Place;
  office: Place;
  device: Device;
  isAdmin: boolean;
  isExternal: boolean;
  /** True if a person works with the account every day. */
  hasRoutine: boolean;
  /** `status` of docs/defender-api.md 8.2: 2 active, 3 suspended. */
  status: number;
}

/** The lowest investigation priority that a person has. */
const LOWEST_SCORE = 12;

export const people = {
  avery: person(1, 'Avery Example', 'Finance analyst', 'dublin', devices.windows),
  blake: person(2, 'Blake Sample', 'Sales director, travels', 'seattle', devices.mac),
  casey: person(3, 'Casey Demo', 'Software engineer', 'pune', devices.windows),
  devon: person(4, 'Devon Tester', 'IT administrator', 'seattle', devices.windows, { isAdmin: true }),
  ellis: person(5, 'Ellis Trial', 'HR partner', 'dublin', devices.mac),
  frankie: person(6, 'Frankie Mock', 'Legal counsel', 'seattle', devices.windows),
  gray: person(7, 'Gray Stub', 'Marketing designer', 'dublin', devices.mac),
  harper: person(8, 'Harper Fixture', 'Security researcher', 'pune', devices.linux),
  indigo: person(9, 'Indigo Proto', 'Chief financial officer', 'seattle', devices.mac),
  jules: person(10, 'Jules Draft', 'Account manager', 'dublin', devices.windows),
  kai: person(11, 'Kai Template', 'Data engineer', 'pune', devices.windows),
  lennon: person(12, 'Lennon Preview', 'Support agent', 'pune', devices.windows),
  morgan: person(13, 'Morgan Analyst', 'SOC analyst', 'seattle', devices.windows, { isAdmin: true }),
  nico: person(14, 'Nico Reader', 'Auditor', 'dublin', devices.windows),
  oakley: person(15, 'Oakley Leaver', 'Former sales engineer', 'seattle', devices.windows, {
    status: 3,
    hasRoutine: false,
  }),
  parker: person(16, 'Parker Pilot', 'Procurement lead', 'dublin', devices.windows),
  quinn: person(17, 'Quinn Partner', 'Consultant at Fabrikam', 'seattle', devices.mac, {
    upn: 'quinn.partner@fabrikam.com',
    isExternal: true,
  }),
  backup: person(18, 'Svc Backup', 'Backup job', 'seattle', devices.script, { hasRoutine: false }),
  decoy: person(19, 'Svc Decoy', 'Honeytoken, used by nobody', 'dublin', devices.script, { hasRoutine: false }),
};

function person(
  number: number,
  name: string,
  job: string,
  office: Office,
  device: Device,
  overrides: Partial<Person> = {},
): Person {
  return {
    number,
    name,
    upn: `${name.toLowerCase().replace(' ', '.')}@${TENANT.domain}`,
    id: guid(`person ${number}`),
    job,
    home: home(office, number + 10),
    office: offices[office],
    device,
    isAdmin: false,
    isExternal: false,
    hasRoutine: true,
    status: 2,
    ...overrides,
  };
}

/** The person in the wire shape of docs/defender-api.md 8.2; `start` in ms. */
export function toEntity(who: Person, start: number): Entity {
  const key = { id: who.id, saas: 11161, inst: 0 };
  const office = { appId: 11161, name: 'Office 365' };
  const day = 24 * 60 * 60 * 1000;
  const score = LOWEST_SCORE + ((who.number * 17) % 60);
  return {
    _id: objectId('entity', who.number, -400 * 24 * 3600),
    id: who.id,
    ii: `11161|0|${who.id}`,
    type: 2,
    status: who.status,
    displayName: who.name,
    email: who.upn,
    domain: who.upn.replace(/^.*@/, ''),
    username: JSON.stringify(key),
    role: who.isAdmin ? 'Global Administrator' : null,
    organization: who.job,
    isAdmin: who.isAdmin,
    isExternal: who.isExternal,
    isFake: false,
    idType: 1,
    sid: null,
    appData: { ...office, saas: 11161, instance: 0 },
    userGroups: who.isExternal ? [{ ...EXTERNAL_USERS }] : [],
    identifiers: [who.upn],
    subApps: [office, { appId: 20893, name: 'Microsoft Exchange Online' }],
    actions: [],
    lastSeen: new Date(start - who.number * 600_000).toISOString(),
    threatScore: score,
    threatScoreHistory: [3, 2, 1].map((ago) => ({ dateUtc: start - ago * day, score: score - ago })),
  };
}

/** docs/defender-api.md 5.4 */
const EXTERNAL_USERS = {
  _id: objectId('entity', 0xf001, -400 * 24 * 3600),
  id: '000000200000000000000000',
  name: 'External users',
  description: 'Users from outside the company',
  usersCount: 1,
};
