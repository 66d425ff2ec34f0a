import type { IncomingMessage } from 'node:http';
import { isRecord, parseJson } from './json.ts';

/** The most bytes of a request body that are accepted. */
const MAX_BYTES = 1024 * 1024;

/** The body as text; undefined if it is too large. Reads to the end in any case, so that the client gets its answer. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size <= MAX_BYTES) chunks.push(bytes);
  }
  return size <= MAX_BYTES ? Buffer.concat(chunks).toString('utf8') : undefined;
}

/**
 * The parameters of a call: the query string, overlaid by a JSON or form body (docs/defender-api.md 2.2).
 * JSON is accepted with any content type. Undefined if the body is neither a JSON object nor a form.
 */
export function toInput(query: URLSearchParams, contentType: string, rawBody: string) {
  const fromQuery = fromParameters(query);
  if (rawBody.trim() === '') return fromQuery;
  const body = parseJson(rawBody);
  if (isRecord(body)) return { ...fromQuery, ...body };
  const isForm = contentType.startsWith('application/x-www-form-urlencoded') && /^\w+=/.test(rawBody);
  return isForm ? { ...fromQuery, ...fromParameters(new URLSearchParams(rawBody)) } : undefined;
}

// A value is parsed as JSON if possible (limit=5, filters={…}), else taken as text (sortDirection=desc).
function fromParameters(parameters: URLSearchParams): Record<string, unknown> {
  return Object.fromEntries([...parameters].map(([name, value]) => [name, parseJson(value) ?? value]));
}
