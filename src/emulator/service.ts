import type { IncomingHttpHeaders } from 'node:http';
import { authenticate } from './access.ts';
import { toInput } from './body.ts';
import type { Settings } from './options.ts';
import { detail, forbidden, methodNotAllowed, notFound, type Reply, redirect, throttled } from './reply.ts';
import { findRoute } from './routes.ts';
import type { State } from './state.ts';
import { createThrottle } from './throttle.ts';

/** A request with its whole body. */
export interface ServiceCall {
  method: string;
  /** Without the query string. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  rawBody: string;
}

export type Service = (request: ServiceCall) => Reply;

/** The service without sockets. In turn: slash, token, throttle, route, method, right (docs/defender-api.md 13.2). */
export function createService(settings: Settings, state: State): Service {
  const throttle = createThrottle(settings.callsPerMinute);

  function admit(request: ServiceCall): Reply {
    const caller = authenticate(request.headers.authorization, settings.token);
    if (typeof caller === 'string') return detail(401, caller);
    const seconds = throttle(settings.now());
    if (seconds > 0) return throttled(seconds);
    const route = findRoute(request.path);
    if (!route) return notFound();
    if (!route.methods.includes(request.method)) return methodNotAllowed(request.method);
    if (!caller.rights.includes(route.right)) return forbidden();
    const input = toInput(request.query, request.headers['content-type'] ?? '', request.rawBody);
    if (!input) return detail(400, 'JSON parse error - the body is not a JSON object.');
    return route.handler({ state, params: route.params, input, now: settings.now(), caller: caller.upn, settings });
  }

  return (request) => {
    const slashed = `${request.path}/`;
    if (request.path.endsWith('/') || !findRoute(slashed)) return admit(request);
    const query = request.query.size > 0 ? `?${request.query}` : '';
    if (settings.slashless === 'redirect') return redirect(`${slashed}${query}`);
    return admit({ ...request, method: 'GET', path: slashed, rawBody: '' });
  };
}
