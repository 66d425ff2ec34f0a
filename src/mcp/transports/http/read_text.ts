import type { IncomingMessage } from 'node:http';

/**
 * Reads a body as UTF-8.
 * @returns undefined if it has more than `most` bytes; the rest is left unread
 * @throws Error if the client goes before its end
 */
export async function readText(incoming: IncomingMessage, most: number): Promise<string | undefined> {
  if (Number(incoming.headers['content-length'] ?? 0) > most) return undefined;
  const chunks: Buffer[] = [];
  let length = 0;
  // The connection must live on for the answer.
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    length += chunk.length;
    if (length > most) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
