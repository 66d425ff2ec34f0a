import type { ClientCapabilities } from '@modelcontextprotocol/sdk/types.js';
import type { ResourceFace } from '../tool/resource.ts';
import { isObject } from './json_object.ts';

/** MCP Apps (SEP-1865, revision 2026-01-26): pages that a client shows beside the answers of tools. */
const EXTENSION = 'io.modelcontextprotocol/ui';

/** Declared to every client: some show pages only then, and some that show them declare nothing themselves. */
export const EXTENSIONS = { [EXTENSION]: {} };

/** True for what a client shows as a page, and no model reads. */
export function isPage({ uri }: Pick<ResourceFace, 'uri'>): boolean {
  return uri.startsWith('ui:');
}

/** Whether a client says that it shows pages of this kind. */
export function showsPage(capabilities: ClientCapabilities | undefined, { mimeType }: ResourceFace): boolean {
  const settings: unknown = capabilities?.extensions?.[EXTENSION];
  return isObject(settings) && Array.isArray(settings.mimeTypes) && settings.mimeTypes.includes(mimeType);
}
