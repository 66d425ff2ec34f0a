import { Fault } from '../core/errors.ts';

const KEYS = 'Entra, App registrations, Certificates & secrets';

/** What to do about the errors that an operator can mend, by their number. */
const REMEDIES: Readonly<Record<string, string>> = {
  '50034': 'This person has no account in the directory of AZURE_TENANT_ID: sign in with another.',
  '50076': 'A conditional access policy asks for a second factor: sign in anew, or exempt this application.',
  '50079': 'A conditional access policy asks for a second factor: sign in anew, or exempt this application.',
  '50105': 'Assign the person or the application to the enterprise application, or drop that requirement.',
  '53003': 'A conditional access policy blocks this sign-in: ask whoever keeps these policies.',
  '65001': 'Nobody has consented: an administrator grants consent for the application in Entra, API permissions.',
  '70019': 'The code was not entered in time: call again for a new one.',
  '70020': 'The code was not entered in time: call again for a new one.',
  '90002': 'There is no such directory: check AZURE_TENANT_ID, and AZURE_AUTHORITY_HOST for a government cloud.',
  '500011': 'The directory has no enterprise application Microsoft Cloud App Security: it needs a licence for it.',
  '650057': 'Add a permission of Microsoft Cloud App Security to the application, in Entra, API permissions.',
  '700016': 'There is no such application in the directory: check AZURE_CLIENT_ID and AZURE_TENANT_ID.',
  '700024': 'The clock of this machine is wrong, or the file of AZURE_FEDERATED_TOKEN_FILE is no longer renewed.',
  '700027': `The certificate is not that of the application: upload it in ${KEYS}.`,
  '700211': 'The application has no federated credential for the issuer of the token.',
  '700212': 'The application has no federated credential for the audience of the token.',
  '700213': 'The application has no federated credential for the subject of the token.',
  '7000112': 'The application is disabled: enable it in Entra.',
  '7000215': `The client secret is wrong; it is the value of a secret, not its id. Make a new one in ${KEYS}.`,
  '7000218': 'Allow public client flows for the application, in Entra, Authentication; or set MDCA_AUTH=entra.',
  '7000222': `The client secret has expired. Make a new one in ${KEYS}, and set it.`,
  '7000229': 'The directory has no enterprise application for it: grant admin consent once.',
};

/** Words of OAuth that say what failed where Entra gives no number. */
const WORDS: ReadonlySet<string> = new Set([
  'access_denied',
  'authorization_declined',
  'expired_token',
  'identity_not_found',
  'invalid_client',
  'invalid_grant',
  'invalid_request',
  'invalid_resource',
  'invalid_scope',
  'unauthorized_client',
]);

/** What MSAL itself says of a device sign-in, by its code. */
const OWN: ReadonlyMap<unknown, string> = new Map([
  ['device_code_polling_cancelled', 'The person has declined to sign in.'],
  ['device_code_expired', 'The code was not entered in time.'],
]);

/** The fault for an error of MSAL that is not about an answer of Entra. */
export function toSignInFault(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const own = error instanceof Error && 'errorCode' in error ? OWN.get(error.errorCode) : undefined;
  const remedy = own && 'Call again for a new code.';
  return new Fault('sign_in_failed', own ?? 'The sign-in could not be completed.', { cause: error, remedy });
}

/** The fault for what Entra refuses: the number of its error or a word of OAuth, and never its text. */
export function refusal(code: string, text: string): Fault {
  const number = /\bAADSTS(\d{4,8})\b/.exec(text)?.[1];
  if (number === undefined) {
    const why = WORDS.has(code) ? ` (${code})` : '';
    return new Fault('sign_in_failed', `Entra refused the sign-in${why}.`);
  }
  const remedy = REMEDIES[number] ?? `Look it up at https://login.microsoftonline.com/error?code=${number}.`;
  return new Fault('sign_in_failed', `Entra refused the sign-in with AADSTS${number}.`, { remedy });
}

const NETWORK =
  'Check AZURE_AUTHORITY_HOST, network, proxy (HTTPS_PROXY) and certificates (NODE_EXTRA_CA_CERTS); a managed ' +
  'identity is there only on a machine of Azure that has one.';

/** No answer. What a proxy refuses for good, as a wrong password, is not to be tried again. */
export function unheard({ detail, retry }: Fault): Fault {
  return new Fault('sign_in_failed', detail, { remedy: NETWORK, retry: retry === 'no' ? 'no' : 'later' });
}

/** An answer that says nothing about the sign-in. @param hasStatus its status is one with which Entra answers */
export function unreadable(peer: string, status: number, hasStatus: boolean): Fault {
  const what = hasStatus ? ' with a body that is not its JSON' : '';
  return new Fault('sign_in_failed', `The ${peer} answered HTTP ${status}${what}.`, {
    remedy: NETWORK,
    retry: 'later',
  });
}

/** What should be a token is none that a service can be sent. */
export function unusableToken(): Fault {
  return new Fault('sign_in_failed', 'Entra answered without a token that can be used.', { remedy: NETWORK });
}

/** A person cannot be asked to enter it, or nobody could tell when to stop waiting. */
export function unusableCode(): Fault {
  return new Fault('sign_in_failed', 'Entra answered without a code and an https address that can be shown.', {
    remedy: NETWORK,
  });
}

/** MSAL wants to ask a host that the operator has not named. */
export function elsewhere(peer: string): Fault {
  return new Fault('sign_in_failed', `The ${peer} names an address on another host.`);
}

/** What the platform names as the address of its managed identity is none. */
export function nowhere(peer: string): Fault {
  const remedy = 'Check IDENTITY_ENDPOINT and the like, which the platform sets.';
  return new Fault('sign_in_failed', `The ${peer} has no address that can be asked.`, { remedy });
}

/** A file with what the server signs in by. @param name of the variable */
export function unusableFile(name: string, why: string): Fault {
  return new Fault('sign_in_failed', `${name} ${why}.`, { remedy: `Mend the file that ${name} names.` });
}

const PATIENCE = 'Ask the person to open the address and to enter the code, which stand on stderr, and call again.';

/** A person has not confirmed the code yet. */
export function unconfirmed(): Fault {
  const detail = 'Nobody has signed in yet; the address and the code stand on stderr of this server.';
  return new Fault('sign_in_failed', detail, { remedy: PATIENCE, retry: 'later', retryAfter: 15 });
}
