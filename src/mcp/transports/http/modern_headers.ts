import { type ModernRequest, REVISION } from '../../modern/request.ts';

/** Which param the header `Mcp-Name` repeats (specification 2026-07-28, basic/transports/streamable-http). */
const NAMED: ReadonlyMap<string, string> = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
]);

/**
 * What is wrong with the headers that repeat a request for those on its way; undefined if nothing is. A proxy may have
 * let the request through for what they say.
 */
export function headerProblem({ method, params, revision }: ModernRequest, headers: Headers): string | undefined {
  const param = NAMED.get(method);
  const repeated = [
    ['Mcp-Method', method, headers.get('mcp-method')],
    ...(param === undefined ? [] : [['Mcp-Name', params[param], decoded(headers.get('mcp-name'))]]),
  ] as const;
  const expected = [
    ['MCP-Protocol-Version', revision, headers.get('mcp-protocol-version')],
    // Which other headers another revision has is not known here.
    ...(revision === REVISION ? repeated : []),
  ] as const;
  const [wrong] = expected.filter(([, value, given]) => value !== given);
  if (!wrong) return undefined;
  const [header, , given] = wrong;
  return given === null ? `The header ${header} is missing.` : `The header ${header} does not say what the body says.`;
}

/** Undefined for what no header may hold, and for what is marked as Base64 and is none. */
function decoded(value: string | null): string | null | undefined {
  if (value !== null && !PRINTABLE.test(value)) return undefined;
  const marked = value === null ? undefined : /^=\?base64\?(.*)\?=$/s.exec(value)?.[1];
  if (marked === undefined) return value;
  const bytes = Buffer.from(marked, 'base64');
  return bytes.toString('base64') === marked ? bytes.toString() : undefined;
}

/** Other characters have to come as Base64: who else reads the header may read them in another encoding. */
const PRINTABLE = /^[\t\x20-\x7e]*$/;
