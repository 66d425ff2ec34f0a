import type { Layer, ServiceRequest } from './layers.ts';

/** What a request shows to the service. */
interface Credential {
  /** `Token` for an API token (docs/defender-api.md 1.2). */
  readonly scheme: 'Token' | 'Bearer';
  readonly secret: string;
}

/** Gives the credential for one attempt, so that a sign-in can renew it in between. @throws Fault */
export type CredentialSource = (request: ServiceRequest) => Promise<Credential>;

/**
 * Adds the credential, and takes it out of an answer that echoes it, so that nothing above this layer ever holds it.
 */
export function createAuth(credentialFor: CredentialSource): Layer {
  let filter = { secret: '', withhold: createFilter('') };
  return (next) => async (request) => {
    const { scheme, secret } = await credentialFor(request);
    // A filter is dear to make, and a credential stays for long.
    if (filter.secret !== secret) filter = { secret, withhold: createFilter(secret) };
    const { withhold } = filter;
    const response = await next({ ...request, headers: { ...request.headers, authorization: `${scheme} ${secret}` } });
    const headers = Object.entries(response.headers).map(([name, value]) => [name, withhold(value)]);
    return { ...response, headers: Object.fromEntries(headers), body: withhold(response.body) };
  };
}

/** A shorter form could stand in an answer by chance. */
const LEAST_FORM = 8;
/** Letters and digits in a row that a token alone has; escapes of JSON, HTML or URLs leave them as they are. */
const LEAST_RUN = 16;

/** Takes a credential out of a text, in whatever encoding a careless gateway repeats it. */
function createFilter(token: string): (text: string) => string {
  const bytes = Buffer.from(token);
  const runs = token.split(/[^0-9A-Za-z]+/).filter((run) => run.length >= LEAST_RUN);
  const forms = [token, encodeURIComponent(token), bytes.toString('hex'), ...base64Forms(bytes), ...runs]
    .filter((form) => form.length >= LEAST_FORM)
    .sort((a, b) => b.length - a.length);
  if (forms.length === 0) return (text) => text;
  const echo = new RegExp(forms.map((form) => form.replace(/[^0-9A-Za-z]/g, '\\$&')).join('|'), 'gi');
  const lower = [...new Set(forms.map((form) => form.toLowerCase()))];
  return (text) => {
    const read = text.includes('\\u') ? text.replace(ESCAPED, plainly) : text;
    // To look is quick, and nearly always all there is to do.
    const small = read.toLowerCase();
    return lower.some((form) => small.includes(form)) ? read.replace(echo, '[withheld]') : read;
  };
}

/** Base64 of something that holds the bytes looks different for each of three offsets; their ends belong to others. */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((offset) => {
    const first = Math.ceil((offset * 4) / 3);
    const last = Math.floor(((offset + bytes.length) * 4) / 3);
    const padded = Buffer.concat([Buffer.alloc(offset), bytes]);
    return [padded.toString('base64'), padded.toString('base64url')].map((text) => text.slice(first, last));
  });
}

/** JSON escapes of characters that need none; behind an odd backslash it is the backslash that is escaped. */
const ESCAPED = /(?<!\\)((?:\\\\)*)\\u00([2-7][0-9a-f])/gi;

function plainly(escaped: string, backslashes: string, hex: string): string {
  const character = String.fromCharCode(Number.parseInt(hex, 16));
  return /[0-9A-Za-z=+/_.:-]/.test(character) ? backslashes + character : escaped;
}
