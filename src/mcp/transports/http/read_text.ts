import type { IncomingMessage } from 'node:http';

/**
 * Reads a body as UTF-8.
 * @returns undefined if it has more than `most` bytes; the rest is left unread
 * @throws Error if the client goes before its end
 */
export function readText(incoming: IncomingMessage, most: number): Promise<string | undefined> {
  if (Number(incoming.headers['content-length'] ?? 0) > most) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    // Iterating over the request would be shorter, and take a tenth of the time of a call.
    const onData = (chunk: Buffer) => {
      length += chunk.length;
      chunks.push(chunk);
      if (length <= most) return;
      incoming.off('data', onData).pause();
      resolve(undefined);
    };
    incoming.on('data', onData);
    incoming.on('end', () => resolve(Buffer.concat(chunks).toString()));
    incoming.on('error', reject);
    incoming.on('close', () => reject(new Error('the client has gone')));
  });
}
