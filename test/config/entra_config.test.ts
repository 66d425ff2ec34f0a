import { expect, test } from 'vitest';
import { readEntra } from '../../src/config/entra_config.ts';

const APPLICATION = { MDCA_AUTH: 'entra', AZURE_TENANT_ID: 'contoso.example', AZURE_CLIENT_ID: 'id' };
const WORLDWIDE = 'https://login.microsoftonline.com';

function read(environment: Record<string, string>, flags = {}) {
  const files: Record<string, string> = { f: '\ufefffile \r\n', empty: '', blank: ' \r\n' };
  const readFile = (path: string) => {
    const text = files[path];
    if (text === undefined) throw new Error('PLANTED');
    return text;
  };
  return readEntra({ flags, environment, readFile });
}
const problemsOf = (environment: Record<string, string>, flags = {}) => {
  const checked = read(environment, flags);
  return 'problems' in checked ? checked.problems.join(' ') : 'none';
};

test('without MDCA_AUTH the variables of Azure are not read', () => {
  expect(read({ AZURE_CLIENT_SECRET: 'a word', AZURE_AUTHORITY_HOST: 'http://elsewhere.example' })).toEqual({
    value: undefined,
  });
});

test.each([
  [{ AZURE_CLIENT_SECRET: 'word' }, { kind: 'secret', secret: 'word' }],
  [{ AZURE_CLIENT_SECRET_FILE: 'f' }, { kind: 'secret', secret: 'file' }],
  [{ AZURE_CLIENT_CERTIFICATE_PATH: 'f' }, { kind: 'certificate', file: 'f' }],
  [{ AZURE_FEDERATED_TOKEN_FILE: 'f' }, { kind: 'federated_token', file: 'f' }],
  [{ IDENTITY_ENDPOINT: 'http://127.0.0.1' }, { kind: 'managed_identity' }],
])('an application with %j', (given, proof) => {
  const value = { proof, authority: WORLDWIDE, tenantId: 'contoso.example', clientId: 'id' };
  expect(read({ ...APPLICATION, ...given })).toEqual({ value });
});

test('a managed identity needs nothing, a person no secret', () => {
  const own = { proof: { kind: 'managed_identity' }, authority: WORLDWIDE, tenantId: '', clientId: '' };
  expect(read({ MDCA_AUTH: 'entra' })).toEqual({ value: own });
  expect(read({ ...APPLICATION, MDCA_AUTH: 'device' })).toMatchObject({ value: { proof: { kind: 'device' } } });
});

test.each([
  [{}, 'Set AZURE_CLIENT_SECRET'],
  [{ AZURE_CLIENT_SECRET: 'a', AZURE_FEDERATED_TOKEN_FILE: 'f' }, 'Set one of AZURE_CLIENT_SECRET and AZURE_FEDERATED'],
  [
    { AZURE_CLIENT_SECRET: 'a', AZURE_CLIENT_SECRET_FILE: 'f', AZURE_CLIENT_CERTIFICATE_PATH: 'f' },
    'Set one of AZURE_CLIENT_SECRET and AZURE_CLIENT_SECRET_FILE and AZURE_CLIENT_CERTIFICATE_PATH',
  ],
  [{ AZURE_CLIENT_SECRET_FILE: 'blank' }, 'AZURE_CLIENT_SECRET_FILE does not hold a client secret'],
  [{ AZURE_CLIENT_SECRET_FILE: 'away' }, 'AZURE_CLIENT_SECRET_FILE names a file that cannot be read'],
  [{ AZURE_CLIENT_SECRET: '  ' }, 'AZURE_CLIENT_SECRET holds nothing but blanks'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as a client leaves it that fills in nothing
  [{ AZURE_CLIENT_SECRET: '${AZURE_CLIENT_SECRET}' }, 'AZURE_CLIENT_SECRET holds a placeholder'],
  [{ AZURE_CLIENT_SECRET: 'a', AZURE_TENANT_ID: 'a b' }, 'AZURE_TENANT_ID must be an id or a domain'],
  [{ AZURE_CLIENT_SECRET: 'a', AZURE_CLIENT_ID: 'a&b' }, 'AZURE_CLIENT_ID must be an id or a domain'],
  [{ AZURE_CLIENT_SECRET: 'a', AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.us?a' }, 'a host alone'],
  [{ AZURE_CLIENT_SECRET: 'a', AZURE_AUTHORITY_HOST: 'https://a@login.microsoftonline.us' }, 'a host alone'],
  [{ AZURE_CLIENT_SECRET: 'a', AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.us.' }, 'no authority'],
  [{ AZURE_CLIENT_SECRET: 'a', AZURE_AUTHORITY_HOST: 'a b' }, 'is not a URL'],
  [{ AZURE_CLIENT_SECRET: 'a', AZURE_TENANT_ID: '' }, 'AZURE_TENANT_ID is not set'],
  [{ AZURE_CLIENT_SECRET: 'a', AZURE_CLIENT_ID: '' }, 'AZURE_CLIENT_ID is not set'],
  [{ AZURE_CLIENT_SECRET: 'a', AZURE_TENANT_ID: 'common' }, 'AZURE_TENANT_ID must name one directory'],
  [{ AZURE_CLIENT_SECRET: 'a', AZURE_TENANT_ID: 'a/../b' }, 'AZURE_TENANT_ID must be an id or a domain'],
  [{ AZURE_CLIENT_SECRET_FILE: 'empty' }, 'AZURE_CLIENT_SECRET_FILE does not hold a client secret'],
  [{ AZURE_CLIENT_SECRET: 'a', AZURE_AUTHORITY_HOST: 'http://login.microsoftonline.us' }, 'must be https'],
  [{ AZURE_CLIENT_SECRET: 'a', AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.us.example' }, 'no authority'],
  [{ AZURE_CLIENT_SECRET: 'a', AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.us/x' }, 'a host alone'],
  [{ AZURE_CLIENT_SECRET: 'a', NODE_TLS_REJECT_UNAUTHORIZED: '0' }, 'NODE_TLS_REJECT_UNAUTHORIZED=0'],
])('%j is refused', (given, why) => {
  expect(problemsOf({ ...APPLICATION, ...given })).toContain(why);
});

test('what is set to nothing is not set, and one start names every problem', () => {
  const empty = { AZURE_CLIENT_SECRET_FILE: '', AZURE_CLIENT_CERTIFICATE_PATH: '', AZURE_AUTHORITY_HOST: '' };
  const secret = { proof: { kind: 'secret', secret: 'word' }, authority: WORLDWIDE };
  expect(read({ ...APPLICATION, ...empty, AZURE_CLIENT_SECRET: ' word\r\n' })).toMatchObject({ value: secret });
  expect(read({ ...APPLICATION, ...empty, MDCA_AUTH: 'device', AZURE_CLIENT_SECRET: 'a' })).toMatchObject({
    value: { proof: { kind: 'device' } },
  });
  const all = { MDCA_AUTH: 'entra', AZURE_CLIENT_SECRET: 'PLANTED', AZURE_FEDERATED_TOKEN_FILE: 'f' };
  const told = problemsOf({ ...all, AZURE_AUTHORITY_HOST: 'http://PLANTED.example' });
  for (const name of ['TENANT_ID', 'CLIENT_ID', 'AUTHORITY_HOST', 'FEDERATED_TOKEN_FILE']) {
    expect(told).toContain(`AZURE_${name}`);
  }
  expect(told).not.toMatch(/PLANTED/i);
});

test('a person signs in over stdio only', () => {
  expect(problemsOf({ ...APPLICATION, MDCA_AUTH: 'device' }, { http: '8080' })).toContain('over stdio');
});

test.each([
  ['https://login.microsoftonline.us/', 'https://login.microsoftonline.us'],
  ['login.microsoftonline.us', 'https://login.microsoftonline.us'],
  ['https://127.0.0.1:8443', 'https://127.0.0.1:8443'],
  ['https://sts.contoso.example', 'https://sts.contoso.example'],
])('the authority %s', (AZURE_AUTHORITY_HOST, authority) => {
  const allowed = { AZURE_CLIENT_SECRET: 'a', MDCA_ALLOW_HOSTS: 'STS.contoso.example' };
  expect(read({ ...APPLICATION, ...allowed, AZURE_AUTHORITY_HOST })).toMatchObject({ value: { authority } });
});
