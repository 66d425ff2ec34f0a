import type { Host } from './host.ts';
import { isObject, type JsonObject } from './json.ts';

/** The answer of a tool, as the server gave it. */
export interface Answer {
  /** Absent from an error. */
  readonly value?: JsonObject | undefined;
  readonly text: string;
  /** What a person types to agree to the plan in the answer. */
  readonly phrase?: string | undefined;
  /** The tenant is emulated. */
  readonly isDemo: boolean;
}

/** Calls a tool of the server through the client. @throws Error if the client refuses, or the tool is not there */
export async function callTool(host: Host, name: string, args: JsonObject): Promise<Answer> {
  return readAnswer(await host.request('tools/call', { name, arguments: args }));
}

/** Calls a tool whose answer has a value. @throws Error also with the tool's own error */
export async function readValue(host: Host, name: string, args: JsonObject): Promise<JsonObject> {
  const { value, text } = await callTool(host, name, args);
  if (!value) throw new Error(text);
  return value;
}

/** Reads a result of `tools/call`, whoever made the call. */
export function readAnswer(result: unknown): Answer {
  const { content, structuredContent, isError, _meta } = isObject(result) ? result : {};
  const meta = isObject(_meta) ? _meta : {};
  const phrase = meta['defender-cloud-apps/phrase'];
  const isDemo = meta['defender-cloud-apps/demo'] === true;
  const text = Array.isArray(content) ? content.map(textOf).join('\n') : '';
  return {
    value: isObject(structuredContent) && isError !== true ? structuredContent : undefined,
    // The first line says that it is demo data.
    text: isDemo ? text.replace(/^.*\n/, '') : text,
    phrase: typeof phrase === 'string' ? phrase : undefined,
    isDemo,
  };
}

function textOf(block: unknown): string {
  return isObject(block) && typeof block.text === 'string' ? block.text : '';
}

/** What went wrong, for a person. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
