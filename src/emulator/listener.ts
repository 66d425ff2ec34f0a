import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { readBody } from './body.ts';
import type { Control } from './control/control.ts';
import { type Exchange, playFault } from './faults/play.ts';
import type { InjectedFaults } from './faults/queue.ts';
import { parseJson } from './json.ts';
import { detail, type Reply } from './reply.ts';
import type { RecordedRequest } from './requests.ts';
import { effectOf } from './routes.ts';
import type { Service, ServiceCall } from './service.ts';

interface Parts {
  api: Service;
  control: Control;
  faults: InjectedFaults;
  requests: RecordedRequest[];
  now: () => number;
  /** Aborted when the emulator closes. */
  signal: AbortSignal;
}

/** Answers control calls. Records each API call, then applies a queued fault or answers it. */
export function createListener(parts: Parts): RequestListener {
  return (request, response) => {
    // A client may disconnect during an answer. Without this listener, the error would end the process.
    response.on('error', () => {});
    response.setHeader('date', new Date(parts.now()).toUTCString());
    answer(parts, request, response).catch(() => response.destroy());
  };
}

async function answer(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = request.url ?? '/';
  const path = url.replace(/\?.*$/s, '');
  const method = request.method ?? 'GET';
  if (path.startsWith('/__emulator/')) {
    const body = await readBody(request);
    return send(response, body === undefined ? tooLarge() : parts.control(method, path, body));
  }
  const query = new URLSearchParams(url.slice(path.length));
  const record = recordRequest(parts, { method, path, query, headers: request.headers });
  const rawBody = await readBody(request);
  record.rawBody = rawBody ?? '';
  record.body = parseJson(record.rawBody);
  const { headers } = request;
  const run = () => (rawBody === undefined ? tooLarge() : parts.api({ method, path, query, headers, rawBody }));
  const exchange = toExchange(run, response, record, parts.signal);
  const fault = parts.faults.take(record);
  if (fault) await playFault(fault, exchange);
  else exchange.send(run());
}

function recordRequest({ requests, now }: Parts, { method, path, query, headers }: Omit<ServiceCall, 'rawBody'>) {
  const record: RecordedRequest = {
    at: now(),
    method,
    path,
    query: Object.fromEntries(query),
    headers,
    body: undefined,
    rawBody: '',
    effect: effectOf(method, path),
    status: undefined,
  };
  requests.push(record);
  return record;
}

function toExchange(
  run: () => Reply,
  response: ServerResponse,
  record: RecordedRequest,
  signal: AbortSignal,
): Exchange {
  return {
    run,
    response,
    signal,
    send(answer) {
      record.status = answer.status;
      send(response, answer);
    },
    begin(status, headers) {
      record.status = status;
      response.writeHead(status, headers);
    },
  };
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

const tooLarge = (): Reply => detail(413, 'Request body is too large.');
