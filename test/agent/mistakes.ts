import { type Fixture, textOf } from '../fixture.ts';
import { bound, type Call, drop, find, give, instead, rename, type Second, span, swap, word } from './attempts.ts';

/** What a model knows of the demo tenant before its wrong call. */
const NAME = 'Avery Example';
const UPN = 'avery.example@contoso.com';
const STRANGER = '11111111-2222-4333-8444-555555555555';
const TITLE = 'Impossible travel activity';
const POLICY = 'Impossible travel';
const APP = 'TikTok';
const FILE = 'eicar-test-file.txt';
const FILE_WITH_BLANKS = 'Refunds with card numbers.xlsx';

const ANY = { limit: 100 };
const ALERTS = { mdca_get_open_alerts: ANY, mdca_list_alerts: ANY };
const POLICIES = { mdca_list_policies: { name: POLICY } };
const APPS = { mdca_find_apps: { name: APP } };
const USERS = { mdca_list_users: ANY };
const filesOf = (name: string) => ({ mdca_list_files: { name } });

/** Ids that the wrong calls take for others. */
interface Ids {
  readonly alert: string;
  readonly policy: string;
  readonly activity: string;
  readonly file: string;
}

type Args = Call['args'];
type Mistake = readonly [
  what: string,
  tool: string,
  args: Args | ((ids: Ids, fixture: Fixture) => Args | Promise<Args>),
  second: Second,
];

const findAlert = (argument: string) => find(argument, 'hex', TITLE, ALERTS);
const findPolicy = find('policy_id', 'hex', POLICY, POLICIES);
const findUser = (argument: string) => find(argument, 'guid', NAME, USERS);
const codeFrom = async (fixture: Fixture, tool: string, args: Args) =>
  (await fixture.call(tool, { ...args })).structuredContent?.confirm;

/** Wrong first calls that models make, each with the second one as the answer's text alone says it. */
const MISTAKES: readonly Mistake[] = [
  ['alert id as policy id', 'mdca_get_policy', ({ alert }) => ({ policy_id: alert }), findPolicy],
  ['alert id as policy id, to change it', 'mdca_disable_policy', ({ alert }) => ({ policy_id: alert }), findPolicy],
  ['policy id as alert id', 'mdca_get_alert', ({ policy }) => ({ alert_id: policy }), findAlert('alert_id')],
  [
    'activity id as file id',
    'mdca_get_file',
    ({ activity }) => ({ file_id: activity }),
    find('file_id', 'file', FILE, filesOf(FILE)),
  ],
  [
    'alert id as activity id',
    'mdca_get_activity',
    ({ alert }) => ({ activity_id: alert }),
    (text, first, fixture) =>
      find('activity_id', 'activity', ';', { mdca_get_alert: { alert_id: first.args.activity_id } })(
        text,
        first,
        fixture,
      ),
  ],
  [
    'file id as activity id',
    'mdca_get_activity',
    ({ file }) => ({ activity_id: file }),
    find('activity_id', 'activity', ';', { mdca_list_activities: { user: UPN } }),
  ],
  [
    'policy id among alert ids, to close',
    'mdca_close_alert_benign',
    ({ policy }) => ({ alert_ids: [policy] }),
    findAlert('alert_ids'),
  ],
  [
    'policy id among alert ids, to mark',
    'mdca_mark_alert_read',
    ({ policy }) => ({ alert_ids: [policy] }),
    findAlert('alert_ids'),
  ],
  [
    'policy id as alert id, to list activities',
    'mdca_list_activities',
    ({ policy }) => ({ alert_id: policy }),
    findAlert('alert_id'),
  ],
  ['alert id as policy id, to list alerts', 'mdca_list_alerts', ({ alert }) => ({ policy_id: alert }), findPolicy],
  ['alert id as user', 'mdca_get_activities', ({ alert }) => ({ user_id: alert }), findUser('user_id')],
  [
    'a number of no app',
    'mdca_list_files',
    { app_id: 1 },
    find('app_id', 'number', 'OneDrive', { mdca_find_apps: { name: 'OneDrive' } }),
  ],
  ['display name as user id', 'mdca_get_activities', { user_id: NAME }, findUser('user_id')],
  ['account name as user', 'mdca_list_activities', { user: 'avery.example' }, findUser('user')],
  ['display name as user', 'mdca_get_user', { user: NAME }, findUser('user')],
  ['display name to list alerts', 'mdca_list_alerts', { user: NAME }, findUser('user')],
  ['display name as owner', 'mdca_list_files', { owner: 'Frankie Mock' }, find('owner', 'guid', 'Frankie Mock', USERS)],
  ['made-up user id', 'mdca_get_activities', { user_id: STRANGER }, findUser('user_id')],
  ['misspelt UPN', 'mdca_get_activities', { user_id: 'avery.exmple@contoso.com' }, findUser('user_id')],
  ['UPN of another domain', 'mdca_get_user', { user: 'avery.example@contoso.org' }, findUser('user')],
  ['UPN as alert id', 'mdca_get_alert', { alert_id: UPN }, find('alert_id', 'hex', NAME, ALERTS)],
  ['title as alert id', 'mdca_get_alert', { alert_id: TITLE }, findAlert('alert_id')],
  ['title among alert ids', 'mdca_resolve_alert', { alert_ids: TITLE }, findAlert('alert_ids')],
  ['name as policy id', 'mdca_get_policy', { policy_id: POLICY }, findPolicy],
  ['name as app id', 'mdca_tag_app_unsanctioned', { app_id: APP }, find('app_id', 'number', APP, APPS)],
  [
    'name as app id, to list activities',
    'mdca_list_activities',
    { app_id: 'Teams' },
    find('app_id', 'number', 'Teams', { mdca_find_apps: { name: 'Teams' } }),
  ],
  ['file name as id', 'mdca_get_file', { file_id: FILE }, find('file_id', 'file', FILE, filesOf(FILE))],
  [
    'file name with blanks as id',
    'mdca_get_file',
    { file_id: FILE_WITH_BLANKS },
    find('file_id', 'file', FILE_WITH_BLANKS, filesOf(FILE_WITH_BLANKS)),
  ],
  ['wrong word for a severity', 'mdca_list_alerts', { severity: ['critical'] }, word('severity', 'high')],
  ['wrong word for a state', 'mdca_list_alerts', { status: 'new' }, word('status', 'open')],
  ['counting by what cannot be counted', 'mdca_count_alerts', { by: 'user' }, word('by', 'severity')],
  [
    'wrong word for a reason',
    'mdca_close_alert_benign',
    ({ alert }) => ({ alert_ids: [alert], reason: 'expected' }),
    word('reason', 'confirmed_with_end_user'),
  ],
  ['wrong word for a user state', 'mdca_list_users', { status: 'enabled' }, word('status', 'active')],
  [
    'wrong word for a device',
    'mdca_list_activities',
    { device_type: 'phone', since: '7d' },
    word('device_type', 'MOBILE'),
  ],
  ['wrong word for a sharing level', 'mdca_list_files', { sharing: ['outside'] }, word('sharing', 'external')],
  ['wrong word for a tag', 'mdca_find_apps', { tag: 'blocked' }, word('tag', 'unsanctioned')],
  [
    'wrong word for a category',
    'mdca_add_ip_range',
    { name: 'Branch office Oslo', category: 'trusted', subnets: ['192.0.2.128/28'] },
    word('category', 'corporate'),
  ],
  ['number in words', 'mdca_get_open_alerts', { limit: 'twenty' }, give('limit', /expected number/, 20)],
  ['too large a number', 'mdca_get_open_alerts', { limit: 5000 }, bound('limit')],
  [
    'range as address',
    'mdca_list_activities',
    { ip: '192.0.2.0/24' },
    give('ip', /an IP address is needed/, '192.0.2.60'),
  ],
  ['country by name', 'mdca_list_activities', { country: 'Ireland' }, give('country', /code of two letters/, 'IE')],
  ['a date in words', 'mdca_list_alerts', { since: 'yesterday' }, span('since', '24h')],
  ['a span in words', 'mdca_get_activities', { user_id: UPN, since: 'last week' }, span('since', '7d')],
  ['a day that no calendar has', 'mdca_list_alerts', { since: '2026-02-30' }, span('since', '30d')],
  ['since after until', 'mdca_count_alerts', { since: '1h', until: '30d' }, swap('since', 'until')],
  ['a missing user', 'mdca_get_activities', { since: '7d' }, give('user_id', /user principal name/, UPN)],
  ['nothing to narrow a list', 'mdca_list_activities', { since: '24h' }, give('user', /At least one of .*user/, UPN)],
  ['a name for an argument', 'mdca_list_alerts', { state: 'open' }, rename('state')],
  ['the argument of another tool', 'mdca_list_activities', { user_id: UPN }, rename('user_id')],
  ['id in place of alert_id', 'mdca_get_alert', ({ alert }) => ({ id: alert }), rename('id')],
  [
    'one id where many may be',
    'mdca_dismiss_alert',
    ({ alert }) => ({ alert_id: alert }),
    rename('alert_id', (id) => [id]),
  ],
  ['hours in place of since', 'mdca_list_alerts', { hours: 24 }, instead('hours', 'since', '24h')],
  ['a filter that there is not', 'mdca_list_users', { name: NAME }, drop('name')],
  [
    'the cursor of another list',
    'mdca_list_alerts',
    async (_ids, { call }) => ({
      cursor: (await call('mdca_get_open_alerts', { limit: 1 })).structuredContent?.cursor,
    }),
    drop('cursor'),
  ],
  ['a made-up code', 'mdca_dismiss_alert', ({ alert }) => ({ alert_ids: [alert], confirm: 'yes' }), drop('confirm')],
  [
    'the code of another tool',
    'mdca_dismiss_alert',
    async ({ alert: id }, fixture) => ({
      alert_ids: [id],
      confirm: await codeFrom(fixture, 'mdca_resolve_alert', { alert_ids: [id] }),
    }),
    drop('confirm'),
  ],
  [
    'a code with other arguments',
    'mdca_dismiss_alert',
    async ({ alert: id }, fixture) => ({
      alert_ids: [id],
      comment: 'Noise',
      confirm: await codeFrom(fixture, 'mdca_dismiss_alert', { alert_ids: [id] }),
    }),
    drop('confirm'),
  ],
];

/** Makes both calls. @returns why the second one does not work, or undefined if it does */
async function secondAttempt(fixture: Fixture, [, name, args, second]: Mistake): Promise<string | undefined> {
  const { alerts, policies, activities, files } = fixture.emulator.state;
  const idOf = ([first]: readonly { _id: string }[]) => first?._id ?? '';
  const ids = { alert: idOf(alerts), policy: idOf(policies), activity: idOf(activities), file: idOf(files) };
  const first: Call = { name, args: typeof args === 'function' ? await args(ids, fixture) : args };
  const refusal = await fixture.call(first.name, { ...first.args });
  if (works(refusal)) return `the first call works: ${textOf(refusal)}`;
  try {
    const { name: tool, args: better } = await second(textOf(refusal), first, fixture);
    const answer = await fixture.call(tool, { ...better });
    return works(answer) ? undefined : `${JSON.stringify(better)} fails: ${textOf(answer)}`;
  } catch (error) {
    return `${error instanceof Error ? error.message : error}: ${textOf(refusal)}`;
  }
}

/** An answer that shows something, or a plan for a change. */
function works({ isError, structuredContent = {} }: Awaited<ReturnType<Fixture['call']>>): boolean {
  const { returned, note, status } = structuredContent;
  if (isError || note !== undefined) return false;
  return status === undefined ? returned !== 0 : status === 'confirmation_required';
}

/** How many second attempts work, and why the others do not. */
export async function countSecondAttempts(fixture: Fixture) {
  const failed: string[] = [];
  for (const mistake of MISTAKES) {
    const why = await secondAttempt(fixture, mistake);
    if (why !== undefined) failed.push(`${mistake[0]}: ${why}`);
  }
  return { mistakes: MISTAKES.length, work: MISTAKES.length - failed.length, failed };
}
