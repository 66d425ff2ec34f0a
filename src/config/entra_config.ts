import { type Checked, createReader, readAuth, type Sources } from './config.ts';
import { AZURE_SETTINGS, type EntraConfig, type EntraProof } from './entra_settings.ts';
import { HTTP_SETTINGS } from './http_settings.ts';
import { SETTINGS } from './settings.ts';
import { isLoopback } from './tenant_url.ts';
import { tlsProblems } from './tls.ts';

/** Authorities of Microsoft's clouds. */
const AUTHORITIES = ['login.microsoftonline.com', 'login.microsoftonline.us', 'login.partner.microsoftonline.cn'];

/** Each names the endpoint of a platform's managed identity. */
const PLATFORM = ['IDENTITY_ENDPOINT', 'MSI_ENDPOINT', 'AZURE_POD_IDENTITY_AUTHORITY_HOST'];

/** Reads what Entra needs, from the variables that every Azure tool reads. @returns undefined if nothing needs it */
export function readEntra(sources: Sources): Checked<EntraConfig | undefined> {
  const auth = readAuth(sources);
  if (auth === 'token') return { value: undefined };
  const { read, problems } = createReader(sources);
  const tenantId = read(AZURE_SETTINGS.tenantId) ?? '';
  const clientId = read(AZURE_SETTINGS.clientId) ?? '';
  const authority = authorityOf(read(AZURE_SETTINGS.authorityHost), read(SETTINGS.allowHosts));
  if ('problem' in authority) problems.push(`AZURE_AUTHORITY_HOST ${authority.problem}.`);
  else if (!isLoopback(new URL(authority.origin).hostname)) problems.push(...tlsProblems(sources.environment));
  const proof = auth === 'device' ? deviceProof(read(HTTP_SETTINGS.http)) : readProof(sources, read);
  if ('problem' in proof) problems.push(proof.problem);
  if ('problem' in proof || proof.kind !== 'managed_identity') {
    if (!tenantId) problems.push(`AZURE_TENANT_ID is not set: ${AZURE_SETTINGS.tenantId.description}`);
    if (!clientId) problems.push(`AZURE_CLIENT_ID is not set: ${AZURE_SETTINGS.clientId.description}`);
  }
  if ('problem' in proof || 'problem' in authority || problems.length > 0) return { problems };
  return { value: { proof, authority: authority.origin, tenantId, clientId } };
}

function deviceProof(http: unknown): EntraProof | { readonly problem: string } {
  if (http === undefined) return { kind: 'device' };
  return { problem: 'MDCA_AUTH=device is for one person over stdio: over HTTP, set MDCA_AUTH=entra.' };
}

function readProof(
  { environment, readFile }: Sources,
  read: ReturnType<typeof createReader>['read'],
): EntraProof | { readonly problem: string } {
  const secretFile = read(AZURE_SETTINGS.secretFile);
  const certificate = read(AZURE_SETTINGS.certificate);
  const federatedToken = read(AZURE_SETTINGS.federatedToken);
  const secret = read(AZURE_SETTINGS.secret);
  const given = {
    AZURE_CLIENT_SECRET: secret,
    AZURE_CLIENT_SECRET_FILE: secretFile,
    AZURE_CLIENT_CERTIFICATE_PATH: certificate,
    AZURE_FEDERATED_TOKEN_FILE: federatedToken,
  };
  const names = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (names.length > 1) return { problem: `Set one of ${names.join(' and ')}, not several.` };
  if (certificate !== undefined) return { kind: 'certificate', file: certificate };
  if (federatedToken !== undefined) return { kind: 'federated_token', file: federatedToken };
  if (secretFile !== undefined) return readSecretFile(secretFile, readFile);
  if (secret !== undefined) return { kind: 'secret', secret };
  // A forgotten secret would otherwise look for a managed identity, and fail at the first call only.
  const isApplication = read(AZURE_SETTINGS.tenantId) !== undefined && read(AZURE_SETTINGS.clientId) !== undefined;
  if (isApplication && !PLATFORM.some((name) => environment[name])) return { problem: NO_PROOF };
  return { kind: 'managed_identity' };
}

const NO_PROOF =
  'Set AZURE_CLIENT_SECRET, AZURE_CLIENT_SECRET_FILE, AZURE_CLIENT_CERTIFICATE_PATH or AZURE_FEDERATED_TOKEN_FILE; ' +
  'for a managed identity, leave AZURE_TENANT_ID out.';

function readSecretFile(
  file: string,
  readFile: Sources['readFile'],
): { readonly kind: 'secret'; readonly secret: string } | { readonly problem: string } {
  try {
    const secret = readFile(file).trim();
    if (/^[\x21-\x7e]+$/.test(secret)) return { kind: 'secret', secret };
    return { problem: 'AZURE_CLIENT_SECRET_FILE does not hold a client secret alone.' };
  } catch (error) {
    const why = error instanceof RangeError ? error.message : 'names a file that cannot be read';
    return { problem: `AZURE_CLIENT_SECRET_FILE ${why}.` };
  }
}

/** A secret or an assertion is sent there, so only Microsoft's hosts, loopback, and hosts that were allowed pass. */
function authorityOf(
  given: string | undefined,
  allowHosts: readonly string[],
): { readonly origin: string } | { readonly problem: string } {
  const text = given ?? `https://${AUTHORITIES[0]}`;
  const url = URL.canParse(text) ? new URL(text) : URL.canParse(`https://${text}`) && new URL(`https://${text}`);
  if (!url) return { problem: 'is not a URL; it looks like https://login.microsoftonline.us' };
  if (url.protocol !== 'https:') return { problem: 'must be https' };
  if (url.username || url.password || url.pathname !== '/' || url.search || url.hash) {
    return { problem: 'must be a host alone, like https://login.microsoftonline.us' };
  }
  const isAllowed = allowHosts.some((host) => host.toLowerCase() === url.hostname);
  if (AUTHORITIES.includes(url.hostname) || isLoopback(url.hostname) || isAllowed) return { origin: url.origin };
  const known = AUTHORITIES.join(', ');
  return { problem: `names no authority of Microsoft (${known}); if the host is yours, add it to MDCA_ALLOW_HOSTS` };
}
