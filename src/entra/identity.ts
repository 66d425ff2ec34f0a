import {
  type AccountInfo,
  ConfidentialClientApplication,
  type Configuration,
  type DeviceCodeRequest,
  ManagedIdentityApplication,
  PublicClientApplication,
} from '@azure/msal-node';
import type { EntraConfig } from '../config/entra_settings.ts';
import { isLoopback } from '../config/tenant_url.ts';
import type { Prompt } from './device_prompt.ts';
import { createNetwork, type Network } from './network.ts';
import { readAssertion, readCertificate } from './proof_files.ts';
import { RESOURCE } from './resource.ts';
import { toSignInFault, unconfirmed, unusableToken } from './sign_in_faults.ts';
import type { Acquire } from './tokens.ts';

const SCOPES = [`${RESOURCE}/.default`];
/** What fits into a header; no server takes a longer one. */
const TOKEN = /^[\x21-\x7e]{1,16384}$/;

export interface IdentityOptions {
  readonly entra: EntraConfig;
  readonly timeoutMs: number;
  readonly prompt: Prompt;
}

interface Issued {
  readonly accessToken: string;
  readonly expiresOn: Date | null;
}

/**
 * How the configured identity gets tokens, by Microsoft's own library. The tokens are cached by us alone. MSAL keeps
 * what renews a person's tokens, in memory.
 */
export function createIdentity(options: IdentityOptions): Acquire {
  const network = networkFor(options);
  const acquire = acquireBy(options, network);
  return async (isAttended, openUrl) => {
    try {
      const issued = await acquire(isAttended, openUrl);
      const text: unknown = issued?.accessToken;
      if (typeof text !== 'string' || !TOKEN.test(text)) throw unusableToken();
      return { text, expiresAt: issued?.expiresOn?.getTime() ?? 0 };
    } catch (error) {
      throw network.takeFault() ?? toSignInFault(error);
    }
  };
}

type DeviceCodeAnswer = Parameters<DeviceCodeRequest['deviceCodeCallback']>[0];
type IssueBy = (...args: Parameters<Acquire>) => Promise<Issued | null>;

function acquireBy({ entra, prompt }: IdentityOptions, network: Network): IssueBy {
  const { proof, clientId } = entra;
  const app = (proved: object) => configurationOf(entra, network, proved);
  if (proof.kind === 'device') return byDevice(new PublicClientApplication(app({})), prompt);
  if (proof.kind === 'managed_identity') return byManagedIdentity(clientId, network);
  // A certificate and a workload's token are exchanged in their files, so they are read anew for each token.
  return async () => {
    const client = new ConfidentialClientApplication(app(proofOf(proof)));
    return client.acquireTokenByClientCredential({ scopes: SCOPES, skipCache: true });
  };
}

type ApplicationProof = Exclude<EntraConfig['proof'], { readonly kind: 'device' | 'managed_identity' }>;

function proofOf(proof: ApplicationProof): object {
  if (proof.kind === 'secret') return { clientSecret: proof.secret };
  if (proof.kind === 'certificate') return { clientCertificate: readCertificate(proof.file) };
  return { clientAssertion: readAssertion(proof.file) };
}

/** All addresses are told to MSAL, so it looks none up, and asks no other host. */
function configurationOf(
  { authority, tenantId, clientId }: EntraConfig,
  { module }: Network,
  proved: object,
): Configuration {
  const base = `${authority}/${tenantId}`;
  const authorityMetadata = JSON.stringify({
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
  });
  const { host } = new URL(authority);
  return {
    auth: { clientId, authority: base, knownAuthorities: [host], authorityMetadata, ...proved },
    system: { networkClient: module, disableInternalRetries: true },
  };
}

function byManagedIdentity(clientId: string, { module }: Network): IssueBy {
  const client = new ManagedIdentityApplication({
    ...(clientId && { managedIdentityIdParams: { userAssignedClientId: clientId } }),
    system: { networkClient: module, disableInternalRetries: true },
  });
  return () => client.acquireToken({ resource: RESOURCE, forceRefresh: true });
}

/** A person signs in once; then the tokens are renewed without one for as long as Entra permits. */
function byDevice(client: PublicClientApplication, prompt: Prompt): IssueBy {
  let account: AccountInfo | undefined;
  const renew = async (known: AccountInfo) =>
    client.acquireTokenSilent({ account: known, scopes: SCOPES, forceRefresh: true });
  return async (isAttended, openUrl) => {
    if (account) {
      const renewed = await renew(account).catch((error) => {
        if (!isAttended) throw error;
      });
      if (renewed) return renewed;
    }
    if (!isAttended) throw unconfirmed();
    const request = { scopes: SCOPES, cancel: false, deviceCodeCallback };
    function deviceCodeCallback({ userCode, verificationUri, expiresIn, interval }: DeviceCodeAnswer) {
      const refused = () => {
        request.cancel = true;
      };
      prompt({ code: userCode, url: verificationUri, expiresIn, interval, openUrl, refused });
    }
    const issued = await client.acquireTokenByDeviceCode(request);
    account = issued?.account ?? undefined;
    return issued;
  };
}

const MANAGED = 'managed identity of this machine, which is asked because AZURE_TENANT_ID is not set,';

function networkFor({ entra, timeoutMs }: IdentityOptions): Network {
  if (entra.proof.kind === 'managed_identity') {
    return createNetwork({ only: undefined, peer: MANAGED, timeoutMs, proxy: false });
  }
  const { host, hostname } = new URL(entra.authority);
  const proxy = !isLoopback(hostname);
  return createNetwork({ only: entra.authority, peer: `Entra authority ${host}`, timeoutMs, proxy });
}
