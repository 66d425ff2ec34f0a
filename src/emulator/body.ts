import type { IncomingMessage } from 'node:http';
import { isRecord, parseJson } from './json.ts';

/** Most bytes of a request body that are kept. */
const CAP = 1024 * 1024;

/** The body as text; undefined when it is over the cap. Reads to the end either way, so that the client can listen. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size <= CAP) chunks.push(bytes);
  }
  return size <= CAP ? Buffer.concat(chunks).toString('utf8') : undefined;
}

/**
 * The parameters of a call: the query string, overlaid by a JSON or form body (docs/defender-api.md 2.2).
 * JSON is taken with any content type. Undefined when the body is neither.
 */
export function toInput(query: URLSearchParams, contentType: string, rawBody: string) {
  const fromQuery = fromParameters(query);
  if (rawBody.trim() === '') return fromQuery;
  const body = parseJson(rawBody);
  if (isRecord(body)) return { ...fromQuery, ...body };
  const isForm = contentType.startsWith('application/x-www-form-urlencoded') && /^\w+=/.test(rawBody);
  return isForm ? { ...fromQuery, ...fromParameters(new URLSearchParams(rawBody)) } : undefined;
}

// Parameters are JSON where they can be (limit=5, filters={…}), else words (sortDirection=desc).
function fromParameters(parameters: URLSearchParams): Record<string, unknown> {
  return Object.fromEntries([...parameters].map(([name, value]) => [name, parseJson(value) ?? value]));
}
