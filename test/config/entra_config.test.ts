import { expect, test } from 'vitest';
import { readEntra } from '../../src/config/entra_config.ts';

const APPLICATION = { MDCA_AUTH: 'entra', AZURE_TENANT_ID: 'contoso.example', AZURE_CLIENT_ID: 'id' };
const WORLDWIDE = 'https://login.microsoftonline.com';

function read(environment: Record<string, string>, flags = {}) {
  return readEntra({ flags, environment, readFile: (path) => (path === 'empty' ? '' : ' file\n') });
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
