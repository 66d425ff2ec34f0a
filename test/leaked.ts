/** The secrets of which something stands in a text: as it is, or as one of its encodings, also within a longer one. */
export function leaked(text: string, secrets: readonly string[]): string[] {
  return secrets.filter((secret) => [...encodingsOf(secret), ...shiftedOf(secret)].some((form) => text.includes(form)));
}

/** As it is, in a URL or a form, and in base64, base64url and hex. */
export function encodingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const encoded = (['base64', 'base64url', 'hex'] as const).map((encoding) => bytes.toString(encoding));
  const form = new URLSearchParams({ secret }).toString().slice('secret='.length);
  return [secret, ...encoded, bytes.toString('hex').toUpperCase(), encodeURIComponent(secret), form];
}

/** In base64 it looks different behind one or two other bytes; what these and the end have changed is left out. */
function shiftedOf(secret: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.from('.'.repeat(before) + secret);
    const [from, to] = [before && 4, Math.floor(bytes.length / 3) * 4];
    return [bytes.toString('base64').slice(from, to), bytes.toString('base64url').slice(from, to)];
  });
}
