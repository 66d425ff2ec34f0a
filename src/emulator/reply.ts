/** An HTTP response. */
export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** 200 with JSON; `{}` where the body is unknown (docs/defender-api.md 14). */
export function ok(value: unknown = {}): Reply {
  return json(200, value);
}

export function plain(body: string): Reply {
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

/** An error in the words of Django REST Framework (docs/defender-api.md 13.1). */
export function detail(status: number, sentence: string): Reply {
  return json(status, { detail: sentence });
}

export const notFound = (): Reply => detail(404, 'Not found.');
export const forbidden = (): Reply => detail(403, 'You do not have permission to perform this action.');
export const methodNotAllowed = (method: string): Reply => detail(405, `Method "${method}" not allowed.`);

/** 400 for values that the service does not accept, one entry each (docs/defender-api.md 13.1). */
export function notValid(values: readonly string[]): Reply {
  const filters = values.map((value) => ({
    error: `${value} is not valid`,
    errorMessageCode: 'CONSOLE_FORMS_NOT_VALID_VALUE',
    errorMessageParams: { value },
  }));
  return json(400, { filters, error: true });
}

/** The body of a 429 (docs/defender-api.md 13.1). */
export function throttledBody(seconds: number): string {
  const unit = seconds === 1 ? 'second' : 'seconds';
  return JSON.stringify({ detail: `Request was throttled. Expected available in ${seconds} ${unit}.` });
}

export function throttled(seconds: number): Reply {
  const headers = { 'content-type': 'application/json', 'retry-after': String(seconds) };
  return { status: 429, headers, body: throttledBody(seconds) };
}

export function redirect(location: string): Reply {
  return { status: 301, headers: { location }, body: '' };
}
