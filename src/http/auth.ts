import type { Layer } from './api.ts';

/**
 * Adds the credential, and takes it out of an answer that echoes it, so that nothing above this layer ever holds it.
 * Scheme `Token`: defender-api.md §1.2.
 */
export function createAuth(token: string): Layer {
  const echoes = encodings(token);
  return (next) => async (request) => {
    const response = await next({ ...request, headers: { ...request.headers, authorization: `Token ${token}` } });
    return { ...response, body: withhold(response.body, echoes) };
  };
}

/** The forms in which a careless gateway repeats a header. */
function encodings(token: string): string[] {
  const bytes = Buffer.from(token);
  const header = Buffer.from(`Token ${token}`);
  const forms = [
    token,
    encodeURIComponent(token),
    bytes.toString('hex'),
    ...[bytes, header].flatMap((value) => [value.toString('base64').replace(/=+$/, ''), value.toString('base64url')]),
  ];
  return [...new Set(forms)];
}

function withhold(body: string, echoes: readonly string[]): string {
  return echoes.reduce((text, echo) => (text.includes(echo) ? text.replaceAll(echo, '[withheld]') : text), body);
}
