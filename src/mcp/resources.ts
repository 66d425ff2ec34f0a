import {
  ErrorCode,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { type Code, toFault } from '../core/errors.ts';
import type { Content, ResourceFace } from '../tool/resource.ts';
import { isPage, showsPage } from './apps.ts';
import { isTemplate, type Located, locate } from './resource_uri.ts';
import type { Service } from './service.ts';
import { callerOf, type Session } from './session.ts';

export interface ResourcesOptions {
  readonly session: Session;
  readonly faces: readonly ResourceFace[];
  readonly service: () => Promise<Service>;
  /** Added to every content as `notice`, such as the warning that this is demo data. */
  readonly banner: string | undefined;
}

/** The protocol's code for an unknown resource (specification 2025-11-25); the SDK's `ErrorCode` lacks it. */
const RESOURCE_NOT_FOUND = -32002;

/** A failed read is a JSON-RPC error; its `data` has the code and the remedy that a tool's error has. */
export function addResources(options: ResourcesOptions): void {
  const { session, faces, service, banner } = options;
  const { server } = session;
  const resources = faces.filter((face) => !isTemplate(face));
  const resourceTemplates = faces.filter(isTemplate).map(({ uri, ...face }) => ({ uriTemplate: uri, ...face }));
  const isListed = (face: ResourceFace) => !isPage(face) || showsPage(server.getClientCapabilities(), face);
  server.setRequestHandler(ListResourcesRequestSchema, () => ({
    resources: resources.filter(isListed).map((face) => ({ ...face })),
  }));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates }));
  server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }, extra) => {
    const { face, params } = known(faces, uri);
    try {
      const value = await (await service()).readResource(face.uri, params, callerOf(extra, session));
      // A page comes with what the client must know to show it, and has no banner: it tells itself what is no real data.
      const content = isPage(face) && typeof value === 'object' ? value : { text: contentText(value, banner) };
      return { contents: [{ uri, mimeType: face.mimeType, text: '', ...content }] };
    } catch (error) {
      throw resourceError(error, uri);
    }
  });
  addSubscriptions(options);
}

function contentText(value: Content, banner: string | undefined): string {
  if (typeof value === 'string') return banner === undefined ? value : `${banner}\n\n${value}`;
  return JSON.stringify(banner === undefined ? value : { notice: banner, ...value });
}

/** Subscriptions end with their session. */
function addSubscriptions({ session: { server }, faces, service }: ResourcesOptions): void {
  const subscribed = new Map<string, Promise<() => void>>();
  const subscribeTo = async (uri: string) => {
    const { face, params } = known(faces, uri);
    const { subscribe } = await service();
    // The send fails if the session has closed meanwhile; that is not an error.
    return subscribe(face.uri, params, () => void server.sendResourceUpdated({ uri }).catch(() => {}));
  };
  const unsubscribe = async (uri: string) => {
    const subscription = subscribed.get(uri);
    subscribed.delete(uri);
    (await subscription)?.();
  };
  server.setRequestHandler(SubscribeRequestSchema, async ({ params: { uri } }) => {
    const subscribing = subscribed.get(uri) ?? subscribeTo(uri);
    subscribed.set(uri, subscribing);
    try {
      await subscribing;
      return {};
    } catch (error) {
      subscribed.delete(uri);
      throw error instanceof McpError ? error : resourceError(error, uri);
    }
  });
  server.setRequestHandler(UnsubscribeRequestSchema, async ({ params: { uri } }) => {
    await unsubscribe(uri);
    return {};
  });
  const closed = server.onclose;
  server.onclose = () => {
    for (const uri of subscribed.keys()) void unsubscribe(uri).catch(() => {});
    closed?.();
  };
}

/** @throws McpError for a URI that names none of our resources */
function known(faces: readonly ResourceFace[], uri: string): Located {
  const located = locate(faces, uri);
  if (located) return located;
  const names = faces.filter((face) => !isPage(face)).map((face) => face.uri);
  const detail = `There is no such resource. Resources: ${names.join(', ')}.`;
  throw new McpError(RESOURCE_NOT_FOUND, detail, { uri });
}

const RPC_CODES: Partial<Record<Code, number>> = {
  invalid_input: ErrorCode.InvalidParams,
  not_found: RESOURCE_NOT_FOUND,
};

function resourceError(error: unknown, uri: string): McpError {
  const { code, detail, remedy, retryAfter } = toFault(error);
  const data = { uri, code, remedy, retry_after_seconds: retryAfter };
  return new McpError(RPC_CODES[code] ?? ErrorCode.InternalError, `${code}: ${detail}`, data);
}
