/** The secrets of which something stands in a text: as it is, in a URL, or in base64, base64url or hex. */
export function leaked(text: string, secrets: readonly string[]): string[] {
  return secrets.filter((secret) => formsOf(secret).some((form) => text.includes(form)));
}

function formsOf(secret: string): string[] {
  const hex = Buffer.from(secret).toString('hex');
  // In base64 it looks different after one or two other bytes; what these and the end have changed is left out.
  const base64 = [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.from('.'.repeat(before) + secret);
    const [from, to] = [before && 4, Math.floor(bytes.length / 3) * 4];
    return [bytes.toString('base64').slice(from, to), bytes.toString('base64url').slice(from, to)];
  });
  return [secret, encodeURIComponent(secret), hex, hex.toUpperCase(), ...base64];
}
