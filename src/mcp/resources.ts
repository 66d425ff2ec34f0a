import {
  ErrorCode,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { CODES, type Code, toFault } from '../core/errors.ts';
import type { ResourceFace } from '../tool/resource.ts';
import { isTemplate, type Located, locate } from './resource_uri.ts';
import type { Service } from './service.ts';
import { callerOf, type Session } from './session.ts';

export interface ResourcesOptions {
  readonly session: Session;
  readonly faces: readonly ResourceFace[];
  readonly service: () => Promise<Service>;
  /** Added to every content, such as the warning that this is demo data. */
  readonly banner: string | undefined;
}

/** The protocol's code for an unknown resource (specification 2025-11-25); the SDK does not define it. */
const RESOURCE_NOT_FOUND = -32002;

/** Resource errors are JSON-RPC errors; `data` has the same code and remedy that a tool would give. */
export function addResources(options: ResourcesOptions): void {
  const { session, faces, service, banner } = options;
  const { server } = session;
  const resources = faces.filter((face) => !isTemplate(face));
  const resourceTemplates = faces.filter(isTemplate).map(({ uri, ...face }) => ({ uriTemplate: uri, ...face }));
  server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: resources.map((face) => ({ ...face })) }));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates }));
  server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }, extra) => {
    const { face, params } = known(faces, uri);
    try {
      const value = await (await service()).readResource(face.uri, params, callerOf(extra, session));
      const text = JSON.stringify(banner === undefined ? value : { notice: banner, ...value });
      return { contents: [{ uri, mimeType: face.mimeType, text }] };
    } catch (error) {
      throw resourceError(error, uri);
    }
  });
  addSubscriptions(options);
}

/** Subscriptions live as long as their session. */
function addSubscriptions({ session: { server }, faces, service }: ResourcesOptions): void {
  const subscribed = new Map<string, Promise<() => void>>();
  const begin = async (uri: string) => {
    const { face, params } = known(faces, uri);
    const { subscribe } = await service();
    // The session may have closed; that is not an error.
    return subscribe(face.uri, params, () => void server.sendResourceUpdated({ uri }).catch(() => {}));
  };
  const leave = async (uri: string) => {
    const left = subscribed.get(uri);
    subscribed.delete(uri);
    (await left)?.();
  };
  server.setRequestHandler(SubscribeRequestSchema, async ({ params: { uri } }) => {
    const subscribing = subscribed.get(uri) ?? begin(uri);
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
    await leave(uri);
    return {};
  });
  const closed = server.onclose;
  server.onclose = () => {
    for (const uri of subscribed.keys()) void leave(uri).catch(() => {});
    closed?.();
  };
}

/** @throws McpError for a URI that is none of ours */
function known(faces: readonly ResourceFace[], uri: string): Located {
  const located = locate(faces, uri);
  if (located) return located;
  const detail = `There is no such resource. Resources: ${faces.map((face) => face.uri).join(', ')}.`;
  throw new McpError(RESOURCE_NOT_FOUND, detail, { uri });
}

const RPC_CODES: Partial<Record<Code, number>> = {
  invalid_input: ErrorCode.InvalidParams,
  not_found: RESOURCE_NOT_FOUND,
};

function resourceError(error: unknown, uri: string): McpError {
  const { code, detail, retryAfter } = toFault(error);
  const data = { uri, code, remedy: CODES[code].remedy, retry_after_seconds: retryAfter };
  return new McpError(RPC_CODES[code] ?? ErrorCode.InternalError, `${code}: ${detail}`, data);
}
