import type { ResourceFace } from '../tool/resource.ts';

/**
 * MCP Apps (SEP-1865, revision 2026-01-26): pages that a client shows beside answers. Declared to every client, as
 * lists are the same for all: some clients show pages only then, and some that do declare nothing themselves.
 */
export const EXTENSIONS = { 'io.modelcontextprotocol/ui': {} };

/** True for a page. Clients find it by the tool that has it; it is not listed, because no model or person reads it. */
export function isPage({ uri }: Pick<ResourceFace, 'uri'>): boolean {
  return uri.startsWith('ui:');
}
