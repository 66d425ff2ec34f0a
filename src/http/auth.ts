import { formsOf } from '../core/withhold.ts';
import type { Layer, ServiceRequest } from './layers.ts';

/** Authenticates a request to the service. */
interface Credential {
  /** `Token` for an API token (docs/defender-api.md 1.2). */
  readonly scheme: 'Token' | 'Bearer';
  readonly secret: string;
}

/** Gives the credential. Called for each attempt, so that it can be renewed between attempts. @throws Fault */
export type CredentialSource = (request: ServiceRequest) => Promise<Credential>;

/**
 * Adds the credential to each request, and removes echoes of it from the answer, because outer layers must not see it.
 */
export function createAuth(credentialFor: CredentialSource): Layer {
  let filter = { secret: '', withhold: createFilter('') };
  return (next) => async (request) => {
    const { scheme, secret } = await credentialFor(request);
    // Building a filter is expensive, and a credential rarely changes.
    if (filter.secret !== secret) filter = { secret, withhold: createFilter(secret) };
    const { withhold } = filter;
    const response = await next({ ...request, headers: { ...request.headers, authorization: `${scheme} ${secret}` } });
    const headers = Object.entries(response.headers).map(([name, value]) => [name, withhold(value)]);
    return { ...response, headers: Object.fromEntries(headers), body: withhold(response.body) };
  };
}

/**
 * An alphanumeric part of the token that is this long does not occur elsewhere by chance. Escaping for JSON, HTML or
 * URLs does not change such a part.
 */
const MIN_RUN_LENGTH = 16;

/**
 * Removes a credential from a text: as it is, escaped for JSON, HTML or URLs, in hex and in Base64. A gateway may echo
 * it in any of these.
 */
function createFilter(token: string): (text: string) => string {
  const runs = token.split(/[^0-9A-Za-z]+/).filter((run) => run.length >= MIN_RUN_LENGTH);
  const forms = [...formsOf(token), ...runs].sort((a, b) => b.length - a.length);
  if (forms.length === 0) return (text) => text;
  const echo = new RegExp(forms.map((form) => form.replace(/[^0-9A-Za-z]/g, '\\$&')).join('|'), 'gi');
  const hidden = new RegExp(forms.map((form) => form.replace(/./g, escapable)).join('|'), 'i');
  const lowerForms = [...new Set(forms.map((form) => form.toLowerCase()))];
  return (text) => {
    // Millions of escapes would take seconds, so they are undone only where a form may be among them.
    const plain = text.includes('\\u') && hidden.test(text) ? text.replace(ESCAPED, unescapeHarmless) : text;
    // Nearly all answers hold no echo, and a plain search is much faster than the regular expression.
    const lowerText = plain.toLowerCase();
    return lowerForms.some((form) => lowerText.includes(form)) ? plain.replace(echo, '[withheld]') : plain;
  };
}

/** JSON escapes of ASCII characters. After an odd number of backslashes `\u` is no escape, but an escaped backslash. */
const ESCAPED = /(?<!\\)((?:\\\\)*)\\u00([2-7][0-9a-f])/gi;

/** A pattern for a character that may be escaped. */
function escapable(character: string): string {
  const hex = character.charCodeAt(0).toString(16).padStart(2, '0');
  return `(?:${character.replace(/[^0-9A-Za-z]/, '\\$&')}|\\\\u00${hex})`;
}

function unescapeHarmless(escaped: string, backslashes: string, hex: string): string {
  const character = String.fromCharCode(Number.parseInt(hex, 16));
  return /[0-9A-Za-z=+/_.:-]/.test(character) ? backslashes + character : escaped;
}
