import { BlockList } from 'node:net';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { toRef } from '../../src/defender/activities/activity_ref.ts';
import { CATEGORIES } from '../../src/defender/ip_ranges/ip_range.ts';
import type { Emulator } from '../../src/emulator/emulator.ts';
import { demoTruth, type Truth } from '../../src/emulator/truth.ts';
import { type Fixture, textOf } from '../fixture.ts';
import { oneFormOnly, type Row, rowsInText, rowsInValue } from './facts.ts';

/** What hosts give to a model. */
const HOSTS = ['text', 'value', 'both'] as const;
type Host = (typeof HOSTS)[number];

/** What the triage of the demo tenant costs at a host. */
export interface HostPrice {
  readonly host: Host;
  /** Tool calls for each alert, and the most for one. */
  readonly calls: number;
  readonly mostCalls: number;
  /** The most calls to the service for one alert. */
  readonly serviceCalls: number;
  readonly mean: number;
  readonly worst: number;
  /** Alerts whose deciding facts no call of the policy has shown. */
  readonly undecided: readonly string[];
}

export interface TriagePrice {
  readonly alerts: number;
  readonly hosts: readonly HostPrice[];
  /** Facts that one form shows and the other does not. */
  readonly oneFormOnly: readonly string[];
  /** Alerts for which no API exists, by title. */
  readonly undecidable: readonly string[];
}

type State = Emulator['state'];
type Alert = State['alerts'][number];
type Activity = State['activities'][number];

interface Step {
  readonly name: string;
  readonly args: Record<string, unknown>;
}

const HOUR = 3_600_000;
/** The policy gives an alert up after so many calls. */
const MOST_CALLS = 8;

/** The fixed policy: the next call, by what is still missing; undefined when nothing is left to try. */
function nextStep(missing: readonly string[], alert: Alert, made: number): Step | undefined {
  const user = alert.entities.find(({ type }) => type === 'account')?.id;
  const since = String(alert.timestamp - 2 * HOUR);
  const until = String(alert.timestamp + HOUR / 6);
  const [kind = '', id] = (missing[0] ?? '').split(' ');
  const lookUp: Record<string, Step> = {
    user: { name: 'mdca_get_user', args: { user: id } },
    app: { name: 'mdca_find_apps', args: { app_id: Number(id) } },
    file: { name: 'mdca_get_file', args: { file_id: id } },
    policy: { name: 'mdca_get_policy', args: { policy_id: id } },
    range: { name: 'mdca_list_ip_ranges', args: {} },
  };
  const lists = [
    { name: 'mdca_list_activities', args: { alert_id: alert._id, limit: 100 } },
    { name: 'mdca_list_activities', args: { user, since, until, limit: 100 } },
  ];
  if (made === 0) return { name: 'mdca_get_alert', args: { alert_id: alert._id } };
  return kind === 'activity' ? lists[made - 1] : made < MOST_CALLS ? lookUp[kind] : undefined;
}

/** A row shows an activity, or stands for it among like ones of its time, with its address, app and whole text. */
function shows({ ref, time, since, description, objects, ip, app = '' }: Row, record: Activity): boolean {
  const iso = new Date(record.timestamp).toISOString();
  const isIt = ref === toRef(record._id, iso);
  const at = iso.slice(0, 16);
  const isAmong = since !== undefined && at >= since && at <= time;
  const text = record.description.replace(/\s+/g, ' ').trim();
  const isTold = description === text || (description.includes('…') && fits(description, objects, text));
  return (isIt || isAmong) && isTold && ip === record.device.clientIP && app === `${record.appId} ${record.appName}`;
}

/** `file …` with the objects `a` and `b` stands for `file a` and `file b`; of many objects only some are named. */
function fits(folded: string, objects: readonly string[], text: string): boolean {
  const [before = '', after = ''] = folded.split('…');
  return objects.length > 0 && text.startsWith(before.trimEnd()) && text.endsWith(after.trimStart());
}

/** What a model has been shown so far. */
interface Shown {
  text: string;
  readonly rows: Row[];
}

/** The deciding facts that have not been shown, as `kind id`. */
function missingFrom({ text, rows }: Shown, truth: Truth, state: State): string[] {
  const activities = state.activities.filter(({ _id }) => truth.activities.includes(_id));
  const isNamed = (id: string | number) => text.includes(String(id));
  const unnamed = (kind: string, ids: readonly (string | number)[]) =>
    ids.filter((id) => !isNamed(id)).map((id) => `${kind} ${id}`);
  const files = state.files.filter(({ _id, name }) => truth.files.includes(_id) && !isNamed(name));
  return [
    ...activities.filter((record) => !rows.some((row) => shows(row, record))).map(({ _id }) => `activity ${_id}`),
    ...unnamed(
      'file',
      files.map(({ _id }) => _id),
    ),
    ...unnamed('app', truth.apps),
    ...unnamed('user', truth.users),
    ...unnamed('policy', truth.policies),
    ...unnamed(
      'range',
      truth.ipRanges.filter((id) => !showsCategory(text, id, state)),
    ),
  ];
}

/** An address of the range is shown with the category that the range gives it. */
function showsCategory(text: string, rangeId: string, { subnets, activities }: State): boolean {
  const range = subnets.find(({ _id }) => _id === rangeId);
  const list = new BlockList();
  for (const { originalString } of range?.subnets ?? []) {
    const [address = '', prefix] = originalString.split('/');
    list.addSubnet(address, Number(prefix), kindOf(address));
  }
  const addresses = new Set(activities.map(({ device }) => device.clientIP));
  const word = CATEGORIES[range?.category ?? 0]?.toUpperCase();
  return [...addresses].some((ip) => list.check(ip, kindOf(ip)) && text.includes(`${ip} ${word}`));
}

function kindOf(address: string): 'ipv4' | 'ipv6' {
  return address.includes(':') ? 'ipv6' : 'ipv4';
}

interface AlertPrice {
  readonly calls: number;
  readonly serviceCalls: number;
  readonly tokens: number;
  readonly missing: readonly string[];
  readonly oneFormOnly: readonly string[];
}

/** Works through one alert until its deciding facts have been shown. */
async function triage(fixture: Fixture, host: Host, truth: Truth): Promise<AlertPrice> {
  const { state, requests } = fixture.emulator;
  const alert = state.alerts.find(({ _id }) => _id === truth.alertId);
  if (!alert) throw new Error('a truth is about no alert');
  const before = requests.length;
  const shown: Shown = { text: '', rows: [] };
  const differences: string[] = [];
  let tokens = 0;
  let missing = ['activity'];
  let calls = 0;
  for (let step = nextStep(missing, alert, 0); step; step = missing[0] ? nextStep(missing, alert, calls) : undefined) {
    const result = await fixture.call(step.name, step.args);
    const [text, value] = [textOf(result), result.structuredContent ?? {}];
    if (step.name !== 'mdca_get_user') differences.push(...oneFormOnly(text, value));
    const forms = { text: [text], value: [JSON.stringify(value)], both: [text, JSON.stringify(value)] }[host];
    shown.text += forms.join('\n');
    if (host !== 'value') shown.rows.push(...rowsInText(text));
    if (host !== 'text') shown.rows.push(...rowsInValue(value));
    tokens += forms.reduce((sum, form) => sum + countTokens(form), 0);
    calls++;
    missing = missingFrom(shown, truth, state);
  }
  return { calls, serviceCalls: requests.length - before, tokens, missing, oneFormOnly: differences };
}

/** Works through every alert of the demo tenant for each kind of host. */
export async function priceOfTriage(fixture: Fixture): Promise<TriagePrice> {
  const { alerts } = fixture.emulator.state;
  const truths = demoTruth();
  const decidable = truths.filter(({ undecidable }) => undecidable === undefined);
  const titleOf = ({ alertId }: Truth) => alerts.find(({ _id }) => _id === alertId)?.title ?? alertId;
  const differences = new Set<string>();
  const hosts: HostPrice[] = [];
  for (const host of HOSTS) {
    const prices: AlertPrice[] = [];
    const undecided: string[] = [];
    for (const truth of decidable) {
      const price = await triage(fixture, host, truth);
      prices.push(price);
      if (price.missing.length > 0) undecided.push(`${truth.alertId} ${titleOf(truth)}: ${price.missing.join(', ')}`);
      for (const fact of price.oneFormOnly) differences.add(`${truth.alertId} ${fact}`);
    }
    const all = (of: (price: AlertPrice) => number) => prices.map(of);
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    hosts.push({
      host,
      calls: mean(all(({ calls }) => calls)),
      mostCalls: Math.max(...all(({ calls }) => calls)),
      serviceCalls: Math.max(...all(({ serviceCalls }) => serviceCalls)),
      mean: mean(all(({ tokens }) => tokens)),
      worst: Math.max(...all(({ tokens }) => tokens)),
      undecided,
    });
  }
  const undecidable = truths.filter(({ undecidable }) => undecidable !== undefined).map(titleOf);
  return { alerts: decidable.length, hosts, oneFormOnly: [...differences], undecidable };
}
