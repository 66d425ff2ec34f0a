import { type Device, devices, versioned } from './devices.ts';
import { guid, TENANT } from './ids.ts';
import { cloud, exitOf, home, type Office, offices, type Place } from './places.ts';

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
  /** `status` of docs/defender-api.md 8.2: 1 staged, 2 active, 3 suspended, 4 deleted. */
  status: number;
  groups: readonly GroupName[];
  /** Apps beside Office 365 in which the person has an account. */
  accounts: readonly number[];
}

/** Groups that the tenant imported, with what they are for. */
export const groups = {
  finance: 'May pay invoices',
  sales: 'Sells to customers',
  engineering: 'Writes software',
  administrators: 'Administers the tenant',
  executives: 'Board and their assistants',
  travellers: 'Travels often',
  research: 'Security research, may use Tor',
  partners: 'Works for a partner company',
  services: 'Accounts of programs',
} as const;

type GroupName = keyof typeof groups;

const SALESFORCE = 11114;
const GITHUB = 11760;

export const people = {
  avery: person(1, 'Avery Example', 'Finance analyst', 'dublin', devices.windows, { groups: ['finance'] }),
  blake: person(2, 'Blake Sample', 'Sales director, travels', 'seattle', devices.mac, {
    groups: ['sales', 'travellers'],
    accounts: [SALESFORCE],
  }),
  casey: person(3, 'Casey Demo', 'Software engineer', 'pune', devices.windows, {
    groups: ['engineering'],
    accounts: [GITHUB],
  }),
  devon: person(4, 'Devon Tester', 'IT administrator', 'seattle', devices.windows, {
    isAdmin: true,
    groups: ['administrators'],
  }),
  ellis: person(5, 'Ellis Trial', 'HR partner', 'dublin', devices.mac),
  frankie: person(6, 'Frankie Mock', 'Legal counsel', 'seattle', devices.windows),
  gray: person(7, 'Gray Stub', 'Marketing designer', 'dublin', devices.mac),
  harper: person(8, 'Harper Fixture', 'Security researcher', 'pune', devices.linux, {
    groups: ['engineering', 'research'],
    accounts: [GITHUB],
  }),
  indigo: person(9, 'Indigo Proto', 'Chief financial officer', 'seattle', devices.mac, {
    groups: ['finance', 'executives', 'travellers'],
  }),
  jules: person(10, 'Jules Draft', 'Account manager', 'dublin', devices.windows, {
    groups: ['sales', 'travellers'],
    accounts: [SALESFORCE],
  }),
  kai: person(11, 'Kai Template', 'Data engineer', 'pune', devices.windows, {
    groups: ['engineering'],
    accounts: [GITHUB],
  }),
  lennon: person(12, 'Lennon Preview', 'Support agent', 'pune', devices.windows),
  morgan: person(13, 'Morgan Analyst', 'SOC analyst', 'seattle', devices.windows, {
    isAdmin: true,
    groups: ['administrators', 'research'],
  }),
  nico: person(14, 'Nico Reader', 'Auditor', 'dublin', devices.windows),
  oakley: person(15, 'Oakley Leaver', 'Former sales engineer', 'seattle', devices.windows, {
    status: 3,
    hasRoutine: false,
    groups: ['sales'],
    accounts: [SALESFORCE],
  }),
  parker: person(16, 'Parker Pilot', 'Procurement lead', 'dublin', devices.windows),
  quinn: person(17, 'Quinn Partner', 'Consultant at Fabrikam', 'seattle', devices.mac, {
    upn: 'quinn.partner@fabrikam.com',
    isExternal: true,
    groups: ['partners'],
  }),
  backup: person(18, 'Svc Backup', 'Backup job', 'seattle', devices.script, {
    hasRoutine: false,
    office: cloud,
    groups: ['services'],
  }),
  decoy: person(19, 'Svc Decoy', 'Honeytoken, used by nobody', 'dublin', devices.script, {
    hasRoutine: false,
    groups: ['services'],
  }),
  riley: person(20, 'Riley Contractor', 'Auditor at Fabrikam', 'dublin', devices.mac, {
    upn: 'riley.contractor@fabrikam.com',
    isExternal: true,
    hasRoutine: false,
    groups: ['partners'],
  }),
  sasha: person(21, 'Sasha Placeholder', 'Chief executive officer', 'seattle', devices.mac, {
    hasRoutine: false,
    groups: ['executives', 'travellers'],
  }),
  toni: person(22, 'Toni Former', 'Former office manager', 'dublin', devices.windows, {
    status: 4,
    hasRoutine: false,
  }),
  uma: person(23, 'Uma Newcomer', 'Starts next month', 'pune', devices.windows, { status: 1, hasRoutine: false }),
  /** Made by whoever stole an administrator's session. */
  update: person(24, 'Svc Update', 'No owner', 'seattle', devices.script, { hasRoutine: false, isAdmin: true }),
};

/** The office of a person, as the IP range of its network is called. */
export function officeOf(who: Person): Office {
  return ENTRIES.find(([, { city }]) => city === who.office.city)?.[0] ?? 'seattle';
}

const ENTRIES = [
  ['seattle', offices.seattle],
  ['dublin', offices.dublin],
  ['pune', offices.pune],
] as const;

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
    office: exitOf(offices[office], number),
    device: versioned(device, number),
    isAdmin: false,
    isExternal: false,
    hasRoutine: true,
    status: 2,
    groups: [],
    accounts: [],
    ...overrides,
  };
}
