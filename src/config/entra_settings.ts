import { file, type Kind, type Setting, text } from './kinds.ts';

/** By what the server proves to Entra who it is. */
export type EntraProof =
  | { readonly kind: 'secret'; readonly secret: string }
  /** Paths of files; they are read at each sign-in, because they are exchanged while the server runs. */
  | { readonly kind: 'certificate' | 'federated_token'; readonly file: string }
  /** The platform knows the machine. */
  | { readonly kind: 'managed_identity' }
  /** A person confirms a code. */
  | { readonly kind: 'device' };

/** How tokens are got from Entra. */
export interface EntraConfig {
  readonly proof: EntraProof;
  /** `https://host[:port]` */
  readonly authority: string;
  /** Id or domain; empty for a managed identity, which its platform knows. */
  readonly tenantId: string;
  /** Empty for the managed identity that the platform has given to the machine itself. */
  readonly clientId: string;
}

/** An id, or the domain of a directory: it becomes part of an address. */
const name: Kind<string | undefined> = {
  fallback: undefined,
  read: (given) => {
    if (/^(?:common|organizations|consumers)$/i.test(given)) return { problem: 'must name one directory' };
    return /^[a-z\d][a-z\d._-]{0,120}$/i.test(given) ? { value: given } : { problem: 'must be an id or a domain' };
  },
};

/** Every Azure tool reads these from the environment, so none has a flag. */
function azure<T>(variable: `AZURE_${string}`, kind: Kind<T>, description: string): Setting<T> {
  return { name: variable, ...kind, description, secret: true };
}

/** What MDCA_AUTH=entra and MDCA_AUTH=device read; nothing else does. */
export const AZURE_SETTINGS = {
  tenantId: azure('AZURE_TENANT_ID', name, 'Directory (tenant) id of the Entra application.'),
  clientId: azure('AZURE_CLIENT_ID', name, 'Application (client) id, or that of a user-assigned managed identity.'),
  secret: azure('AZURE_CLIENT_SECRET', text, 'Client secret of the application: this, or one of the next three.'),
  secretFile: azure('AZURE_CLIENT_SECRET_FILE', file, 'File that holds the client secret.'),
  certificate: azure(
    'AZURE_CLIENT_CERTIFICATE_PATH',
    file,
    'PEM file with the certificate of the application and its private key, which has no passphrase.',
  ),
  federatedToken: azure('AZURE_FEDERATED_TOKEN_FILE', file, 'File with the token of a workload identity.'),
  authorityHost: azure(
    'AZURE_AUTHORITY_HOST',
    text,
    'Authority of another cloud, such as https://login.microsoftonline.us. Default: the worldwide cloud.',
  ),
};
