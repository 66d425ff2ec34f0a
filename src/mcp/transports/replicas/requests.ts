import type { McpRequest } from '../http/mcp_request.ts';

/** `id` of the caller; empty where nobody has to sign in. */
export function callerOf({ identity }: McpRequest): string {
  return identity?.id ?? '';
}

/** The body can be read once; here it may be asked for again. */
export function readOnce(request: McpRequest): McpRequest {
  let read: Promise<string | undefined> | undefined;
  return {
    ...request,
    text() {
      read ??= request.text();
      return read;
    },
  };
}
