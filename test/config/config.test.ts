import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readConfig, readTenant, type Sources } from '../../src/config/config.ts';
import { flagOf, settings } from '../../src/config/settings.ts';
import { UNDOCUMENTED } from '../../src/http/undocumented_routes.ts';

type Values = Record<string, string | undefined>;

const URL_SET = { MDCA_API_URL: 'contoso.us2.portal.cloudappsecurity.com' };
const ORIGIN = 'https://contoso.us2.portal.cloudappsecurity.com';
const KEY = 'Zm9vYmFy0123456789abcdefABCDEF==';
const SETTINGS = settings.map(({ name }) => name);
const braced = (name: string) => `\${${name}}`;
const UNSET = ['', braced('user_config.writes'), ` ${braced('user_config.audit_file')}\n`];
const BLANK = [' ', '   ', '\t\n', '\u00a0', '\ufeff', '\u200b', ' \u200b\u2060 '];
/** As clients, shells, templates and manuals write what is to be filled in. */
const PLACEHOLDERS = [
  ...['', 'X', 'MDCA_X', 'env:MDCA_X', 'input:mdca-token', 'workspaceFolder', 'X:-y', 'userConfig.x'].map(braced),
  braced('{ secrets.X }'),
  ` ${braced('X')} `,
  `"${braced('X')}"`,
  `'${braced('X')}'`,
  `${braced('X')}${braced('Y')}`,
  ...['$X', '$MDCA_X', '$env:MDCA_X', '$(MDCA_X)', '%X%', '%MDCA_X%', '%ProgramFiles(x86)%', '{{X}}', '{{ x.y }}'],
  ...['{env:X}', '{X}', '#{X}#', '#{X}', '%{X}', '[your token]', '<your token>', '<TOKEN>', '<>', '@X@', '__X__'],
];

const noFile: Sources['readFile'] = () => {
  throw new Error('ENOENT');
};
const config = (environment: Values, flags: Values = {}) => readConfig({ flags, environment, readFile: noFile });
const tenant = (environment: Values, flags: Values = {}, readFile = noFile) =>
  readTenant({ flags, environment, readFile });
const withToken = (token: string) => tenant({ ...URL_SET, MDCA_API_TOKEN: token });
const problems = (...texts: string[]) => ({ problems: texts });

const DEFAULTS = {
  callsPerMinute: 100,
  requestTimeoutMs: 30_000,
  pollMs: 60_000,
  writes: 'confirm',
  tools: [],
  excludeTools: [],
  answerTokens: 10_000,
  auditFile: undefined,
  logLevel: 'info',
  routes: new Map<string, string>([
    ['MDCA_ROUTE_GET_POLICY', '/cas/api/v1/policies/{id}/'],
    ['MDCA_ROUTE_ENABLE_POLICY', '/cas/api/v1/policies/{id}/enable/'],
    ['MDCA_ROUTE_DISABLE_POLICY', '/cas/api/v1/policies/{id}/disable/'],
    ['MDCA_ROUTE_TAG_APP', '/api/v1/discovery/discovery_app/{id}/add_tag/'],
    ['MDCA_ROUTE_APP_TAGS', '/cas/api/v1/discovery/discovered_apps/tags/'],
    ['MDCA_ROUTE_GET_APP', '/api/v1/saasdb/{id}/'],
    ['MDCA_ROUTE_DISCOVERED_APPS', '/cas/api/v1/discovery/discovered_apps/'],
    ['MDCA_ROUTE_APP_CATALOG', '/cas/api/v1/discovery/app_catalog/'],
    ['MDCA_ROUTE_LIST_POLICIES', '/cas/api/v1/policies/'],
    ['MDCA_ROUTE_REOPEN_ALERTS', '/api/v1/alerts/reopen/'],
  ]),
  http: undefined,
};

describe('where a value comes from', () => {
  test('without any setting there are the defaults', () => {
    expect(config({})).toEqual({ value: DEFAULTS });
  });

  test.each([
    ['the flag before the environment', '7', '8', 7],
    ['the environment before the default', undefined, '8', 8],
    ['the environment where the flag is empty', '', '8', 8],
    ['the environment where the flag is an empty field of a bundle', braced('user_config.rate'), '8', 8],
  ])('is %s', (_case, flag, variable, callsPerMinute) => {
    const read = config({ MDCA_CALLS_PER_MINUTE: variable }, { 'calls-per-minute': flag });
    expect(read).toMatchObject({ value: { callsPerMinute } });
  });

  test('every setting but the token can come from its flag', () => {
    const flags = { 'api-url': ORIGIN, 'api-token-file': 'token.txt', 'allow-hosts': 'x.example' };
    expect(tenant({}, flags, () => KEY)).toEqual({ value: { origin: ORIGIN, token: KEY } });
    const own = {
      writes: 'off',
      tools: 'a',
      'exclude-tools': 'b',
      'log-level': 'debug',
      'request-timeout-seconds': '2',
    };
    expect(config({}, own)).toMatchObject({
      value: { writes: 'off', tools: ['a'], excludeTools: ['b'], logLevel: 'debug', requestTimeoutMs: 2000 },
    });
    expect(config({}, { 'route-get-policy': '/p/{id}/' })).toMatchObject({
      value: { routes: new Map([...DEFAULTS.routes, ['MDCA_ROUTE_GET_POLICY', '/p/{id}/']]) },
    });
  });

  test.each(UNSET)('%j counts as not set, for every setting', (unset) => {
    const environment = Object.fromEntries(SETTINGS.map((name) => [name, unset]));
    const flags = Object.fromEntries(settings.map((setting) => [flagOf(setting), unset]));
    expect(config(environment, flags)).toEqual({ value: DEFAULTS });
    expect(tenant(environment, flags)).toEqual(tenant({}));
  });

  const ROUTES = Object.keys(UNDOCUMENTED);
  const OF_TENANT = ['MDCA_API_URL', 'MDCA_API_TOKEN', 'MDCA_API_TOKEN_FILE', 'MDCA_ALLOW_HOSTS'];
  const OF_CONFIG = settings.filter(({ name }) => !OF_TENANT.includes(name) && !ROUTES.includes(name));

  test.each([...BLANK, ...PLACEHOLDERS])('%j stops the start, in every setting and in every flag', (unfilled) => {
    for (const { name } of settings) {
      const environment = { ...URL_SET, MDCA_API_TOKEN: KEY, [name]: unfilled };
      const problems = [tenant(environment), config(environment)].flatMap((read) =>
        'problems' in read ? read.problems : [],
      );
      expect(problems, name).toContainEqual(expect.stringContaining(name));
    }
    for (const setting of OF_CONFIG) {
      // Also where the environment has a good value: the flag was meant to win.
      const good = { ...URL_SET, MDCA_API_TOKEN: KEY, [setting.name]: String(setting.fallback ?? 'connector') };
      const flags = { [flagOf(setting)]: unfilled };
      const isRefused = [tenant(good, flags), config(good, flags)].some((read) => 'problems' in read);
      expect(isRefused, setting.name).toBe(true);
    }
  });

  test.each(PLACEHOLDERS)('%j is named as a placeholder in the file of the trail and in the token', (unfilled) => {
    const problem = 'holds a placeholder that nothing has filled.';
    expect(config({ MDCA_AUDIT_FILE: unfilled })).toEqual(problems(`MDCA_AUDIT_FILE ${problem}`));
    const pasted = unfilled.trim();
    for (const token of [pasted, `Token ${pasted}`]) {
      const own = tenant({ ...URL_SET, MDCA_API_TOKEN: token });
      expect(own).toEqual({ problems: expect.arrayContaining([`MDCA_API_TOKEN ${problem}`]) });
      const fromFile = tenant({ ...URL_SET, MDCA_API_TOKEN_FILE: 'f' }, {}, () => `${token}\n`);
      expect(fromFile).toEqual(problems(`MDCA_API_TOKEN_FILE ${problem}`));
    }
  });

  test.each([
    ...['$HOME/audit.jsonl', '%LOCALAPPDATA%\\mdca\\audit.jsonl', `/var/log/${braced('USER')}.jsonl`, '~/audit.jsonl'],
    ...[
      '/var/log/mdca-$USER.jsonl',
      '<path>/audit.jsonl',
      '~',
      '~me/audit.jsonl',
      '{{ home }}/audit.jsonl',
      '$(pwd)/a',
    ],
  ])('a path with a placeholder in it stops the start: %s', (path) => {
    expect(config({ MDCA_AUDIT_FILE: path })).toHaveProperty('problems');
    expect(tenant({ ...URL_SET, MDCA_API_TOKEN_FILE: path }, {}, () => KEY)).toHaveProperty('problems');
  });

  test.each([
    ...['/var/log/mdca/audit.jsonl', 'audit.jsonl', 'C:\\ProgramData\\mdca\\audit.jsonl', '\\\\host\\c$\\audit.jsonl'],
    ...['/var/log/100%/audit.jsonl', '/var/log/audit~', 'C:\\Users\\ME~1\\audit.jsonl', '/a b/[x]/@y/audit (1).jsonl'],
    '/var/{9e6f4bda-0000-4000-8000-000000000000}/audit.jsonl',
  ])('any other path is taken as it is: %s', (path) => {
    expect(config({ MDCA_AUDIT_FILE: path })).toMatchObject({ value: { auditFile: path } });
  });

  test.each([
    `https://${braced('TENANT')}.us2.portal.cloudappsecurity.com`,
    'https://{{t}}.portal.cloudappsecurity.com',
  ])('a URL with a placeholder in it is of no tenant: %s', (url) => {
    expect(tenant({ MDCA_API_URL: url, MDCA_API_TOKEN: KEY })).toEqual({
      problems: [expect.stringMatching(/^MDCA_API_URL /)],
    });
  });
});

describe('what a value may be', () => {
  const NUMBER = 'must be a whole number';

  test.each([
    [
      'MDCA_CALLS_PER_MINUTE',
      1_000_000,
      [['0', 'must be at least 1'] as const, ['1000001', 'must be at most 1000000']],
    ],
    ['MDCA_REQUEST_TIMEOUT_SECONDS', 600, [['0', 'must be at least 1'] as const, ['601', 'must be at most 600']]],
  ])('%s is a whole number from 1 to %i', (name, most, outside) => {
    for (const inside of ['1', String(most)]) expect(config({ [name]: inside })).toHaveProperty('value');
    const malformed = ['1.5', '-1', '+1', '1e3', '0x10', '1,000', 'ten', 'Infinity', '9999999999', '٣'];
    for (const [text, message] of [...outside, ...malformed.map((text) => [text, NUMBER] as const)]) {
      expect(config({ [name]: text }), text).toEqual(problems(`${name} ${message}.`));
    }
  });

  test.each([
    ['MDCA_WRITES', 'writes', ['off', 'confirm', 'allow'], 'must be one of off, confirm, allow'],
    ['MDCA_LOG_LEVEL', 'logLevel', ['debug', 'info', 'warn', 'error'], 'must be one of debug, info, warn, error'],
  ])('%s is one of its words', (name, key, words, message) => {
    for (const word of words) expect(config({ [name]: word })).toMatchObject({ value: { [key]: word } });
    for (const word of ['no', 'OFF', 'true', 'none']) {
      expect(config({ [name]: word })).toEqual(problems(`${name} ${message}.`));
    }
  });

  test('lists of tools are split at commas and spaces', () => {
    const read = config({ MDCA_TOOLS: ' a,b  c ,, d\n', MDCA_EXCLUDE_TOOLS: 'e' });
    expect(read).toMatchObject({ value: { tools: ['a', 'b', 'c', 'd'], excludeTools: ['e'] } });
  });

  test('all problems are named at once', () => {
    const read = config({ MDCA_WRITE: 'off', MDCA_WRITES: 'no', MDCA_CALLS_PER_MINUTE: 'many' });
    expect(read).toEqual({
      problems: expect.arrayContaining([
        expect.stringContaining('MDCA_WRITE"'),
        expect.stringContaining('MDCA_WRITES must'),
        expect.stringContaining('MDCA_CALLS_PER_MINUTE'),
      ]),
    });
  });
});

describe('an unknown variable', () => {
  test.each([
    ['MDCA_WRITE', 'Unknown setting "MDCA_WRITE"; did you mean MDCA_WRITES?'],
    ['MDCA_EXCLUDE_TOOL', 'Unknown setting "MDCA_EXCLUDE_TOOL"; did you mean MDCA_EXCLUDE_TOOLS?'],
    ['MDCA_', 'Unknown setting "MDCA_".'],
  ])('%s stops the start', (name, problem) => {
    for (const value of ['off', '']) expect(config({ [name]: value })).toEqual(problems(problem));
  });

  test('is ignored where its name does not begin with MDCA_', () => {
    const foreign = { PATH: '/bin', HTTPS_PROXY: 'http://p', MDCATOOLS: 'x', XMDCA_WRITES: 'x', MCAS_TOKEN: 'x' };
    expect(config(foreign)).toEqual({ value: DEFAULTS });
  });
});

describe('an override of a route', () => {
  test.each(Object.entries(UNDOCUMENTED))('%s keeps the shape of its default', (name, { path: fallback }) => {
    const id = fallback.includes('{id}') ? '{id}/' : '';
    const read = config({ [name]: `/cas/api/v2/x/${id}` });
    const routes = new Map<string, string>([...DEFAULTS.routes, [name, `/cas/api/v2/x/${id}`]]);
    expect(read).toEqual({ value: { ...DEFAULTS, routes } });
    const refused = [
      `cas/x/${id}`,
      `/cas/x/${id}`.slice(0, -1),
      '/',
      `//evil.example/${id}`,
      `https://evil.example/${id}`,
      `/cas/../${id}`,
      `/cas/./${id}`,
      `/cas/%2e%2e/${id}`,
      `/cas/${id}?a=/`,
      `/cas/${id}#/`,
      `/cas\\x/${id}`,
      `/cas x/${id}`,
      `/cas/x/${id}{id}/`,
      ...(id === '' ? [] : ['/cas/x/', '/cas/{ID}/', '/cas/{policy_id}/']),
    ];
    const accepted = refused.filter((route) => 'value' in config({ [name]: route }));
    expect(accepted, 'routes that src/config must refuse').toEqual([]);
    expect(config({ [name]: 'x' })).toEqual(problems(`${name} must be a path like ${fallback}.`));
  });

  test('has no empty segment', () => {
    expect(config({ MDCA_ROUTE_GET_POLICY: '/cas//policies/{id}/' })).toHaveProperty('problems');
  });
});

describe('the tenant', () => {
  test('URL and token that are both missing are both named, with where to find them', () => {
    const place = 'Settings, Cloud Apps, System';
    expect(tenant({})).toEqual(
      problems(
        `MDCA_API_URL is not set: API URL of the tenant, from the Defender portal: ${place}, About.`,
        `MDCA_API_TOKEN is not set: API token, from ${place}, API tokens.`,
      ),
    );
  });

  test('without a token, whoever has set the variables of Entra is told how they are used', () => {
    const environment = { MDCA_API_URL: 'https://127.0.0.1', AZURE_CLIENT_ID: 'x' };
    expect(tenant(environment)).toEqual(
      problems(
        'MDCA_API_TOKEN is not set: API token, from Settings, Cloud Apps, System, API tokens. To sign in by the AZURE_ ' +
          'variables, set MDCA_AUTH=entra.',
      ),
    );
    expect(tenant({ ...environment, MDCA_API_TOKEN: KEY })).toHaveProperty('value');
  });

  test('hosts that the operator allows are split at commas and spaces, in any case', () => {
    const environment = { MDCA_API_TOKEN: KEY, MDCA_ALLOW_HOSTS: 'a.example, Proxy.Contoso.Example' };
    const read = tenant({ ...environment, MDCA_API_URL: 'https://proxy.contoso.example/api' });
    expect(read).toEqual({ value: { origin: 'https://proxy.contoso.example', token: KEY } });
    expect(tenant({ ...environment, MDCA_API_URL: 'https://b.example' })).toHaveProperty('problems');
  });

  test.each([
    KEY,
    ` ${KEY}\r\n`,
    `"${KEY}"`,
    `'${KEY}'`,
    `Token ${KEY}`,
    `token\t${KEY}`,
    `"Token ${KEY}"`,
    `\uFEFF${KEY}`,
  ])('a token pasted as %j is understood', (pasted) => {
    expect(withToken(pasted)).toEqual({ value: { origin: ORIGIN, token: KEY } });
  });

  test.each(['a b', 'a\tb', 'a\nb', 'a\r\nx: y', 'a\0b', 'a\x7fb', 'aéb', '“a”', 'Bearer a', '""', 'a\u200bb'])(
    'a token that no header can carry is refused: %j',
    (pasted) => {
      const problem = 'does not hold an API token: paste the key alone, without spaces.';
      expect(withToken(pasted)).toEqual(problems(`MDCA_API_TOKEN ${problem}`));
      const fromFile = tenant({ ...URL_SET, MDCA_API_TOKEN_FILE: 'f' }, {}, () => pasted);
      expect(fromFile).toEqual(problems(`MDCA_API_TOKEN_FILE ${problem}`));
    },
  );

  test('a token file is read by its path, and its last line end does not matter', () => {
    const read = tenant({ ...URL_SET, MDCA_API_TOKEN_FILE: '/run/secrets/mdca' }, {}, (path) =>
      path === '/run/secrets/mdca' ? `${KEY}\n` : '',
    );
    expect(read).toEqual({ value: { origin: ORIGIN, token: KEY } });
  });

  test('a token file that cannot be read is reported', () => {
    const read = tenant({ ...URL_SET, MDCA_API_TOKEN_FILE: '/nowhere' });
    expect(read).toEqual(problems('MDCA_API_TOKEN_FILE names a file that cannot be read.'));
  });

  test('an empty token file holds no token', () => {
    const read = tenant({ ...URL_SET, MDCA_API_TOKEN_FILE: '/empty' }, {}, () => '\n');
    expect(read).toEqual({ problems: [expect.stringMatching(/^MDCA_API_TOKEN_FILE does not hold/)] });
  });

  test.each([
    ['0', 'https://contoso.us2.portal.cloudappsecurity.com', true],
    ['0', 'https://localhost:8443', false],
    ['0', 'https://127.0.0.1', false],
    ['1', 'https://contoso.us2.portal.cloudappsecurity.com', false],
    ['', 'https://contoso.us2.portal.cloudappsecurity.com', false],
  ])('NODE_TLS_REJECT_UNAUTHORIZED=%s and %s: refused %s', (value, url, isRefused) => {
    const environment = { MDCA_API_URL: url, MDCA_API_TOKEN: KEY, NODE_TLS_REJECT_UNAUTHORIZED: value };
    const read = tenant(environment);
    if (isRefused) expect(read).toEqual({ problems: [expect.stringMatching(/^NODE_TLS_REJECT_UNAUTHORIZED=0 /)] });
    else expect(read).toHaveProperty('value');
  });

  test('a token and a token file together are refused', () => {
    const both = tenant({ ...URL_SET, MDCA_API_TOKEN: KEY, MDCA_API_TOKEN_FILE: 'f' }, {}, () => KEY);
    expect(both).toEqual(problems('Set MDCA_API_TOKEN or MDCA_API_TOKEN_FILE, not both.'));
  });
});

describe('the secret', () => {
  test('is no part of the configuration, which is frozen', () => {
    const read = config({ MDCA_API_URL: ORIGIN, MDCA_API_TOKEN: KEY, MDCA_API_TOKEN_FILE: KEY });
    expect(JSON.stringify(read)).not.toContain(KEY);
    expect('value' in read && Object.isFrozen(read.value)).toBe(true);
  });

  test('is in no error message, however it is malformed', () => {
    const secret = fc.stringMatching(/^[0-9a-f]{12,40}$/);
    fc.assert(
      fc.property(secret, secret, fc.constantFrom(' ', '\n', '\0', 'é', '" "'), (left, right, middle) => {
        const pasted = left + middle + right;
        const own = withToken(pasted);
        const fromFile = tenant({ ...URL_SET, MDCA_API_TOKEN_FILE: 'f' }, {}, () => pasted);
        for (const read of [own, fromFile]) {
          expect(read).toHaveProperty('problems');
          expect(JSON.stringify(read)).not.toContain(left);
          expect(JSON.stringify(read)).not.toContain(right);
        }
      }),
    );
  });

  test.each(SETTINGS)('is in no error message when it was pasted into %s', (name) => {
    const said = JSON.stringify(
      [config({ [name]: KEY }), tenant({ [name]: KEY })].filter((read) => 'problems' in read),
    );
    expect(said.toLowerCase()).not.toContain(KEY.toLowerCase());
  });
});
