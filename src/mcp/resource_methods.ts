import { type Code, toFault } from '../core/errors.ts';
import type { Caller } from '../tool/caller.ts';
import type { Content, ResourceFace } from '../tool/resource.ts';
import { isPage } from './apps.ts';
import { isObject } from './json_object.ts';
import type { Outcome, Refusal } from './outcome.ts';
import { isTemplate, type Located, locate } from './resource_uri.ts';
import type { Service } from './service.ts';

interface ResourceMethodsOptions {
  readonly faces: readonly ResourceFace[];
  readonly service: () => Promise<Service>;
  /** Added to every content as `notice`, such as the warning that this is demo data. */
  readonly banner: string | undefined;
}

/** As `resources/list` has it. A type, because the SDK takes no interface for a result. */
type ListedResource = { readonly [Member in keyof ResourceFace]: string };
/** A resource with parameters in its URI. */
type Template = Omit<ListedResource, 'uri'> & { readonly uriTemplate: string };

type ReadResult = {
  readonly contents: { readonly uri: string; readonly mimeType: string; readonly text: string }[];
};

/** Of one content: its text, and of a page also what a client must know to show it. */
type Body = { readonly text: string; readonly _meta?: object };

export interface ResourceMethods {
  listResources(): { readonly resources: ListedResource[] };
  listResourceTemplates(): { readonly resourceTemplates: Template[] };
  readResource(uri: string, caller: Caller): Promise<Outcome<ReadResult>>;
  /** Calls back on each change of a resource; the result ends the subscription. */
  subscribe(uri: string, changed: () => void): Promise<Outcome<() => void>>;
}

/** A refused read says what a tool's error says: its `data` has the code and the remedy. */
export function createResourceMethods({ faces, service, banner }: ResourceMethodsOptions): ResourceMethods {
  const withLocated = async <T>(uri: string, use: (located: Located) => Promise<T>): Promise<Outcome<T>> => {
    const located = locate(faces, uri);
    if (!located) return { refusal: unknown(faces, uri) };
    try {
      return { result: await use(located) };
    } catch (error) {
      return { refusal: refusalOf(error, uri) };
    }
  };
  return {
    listResources: () => ({
      resources: faces.filter((face) => !isTemplate(face) && !isPage(face)).map((face) => ({ ...face })),
    }),
    listResourceTemplates: () => ({
      resourceTemplates: faces.filter(isTemplate).map(({ uri, ...face }) => ({ uriTemplate: uri, ...face })),
    }),
    readResource: (uri, caller) =>
      withLocated(uri, async ({ face, params }) => {
        const value = await (await service()).readResource(face.uri, params, caller);
        return { contents: [{ uri, mimeType: face.mimeType, ...bodyOf(value, banner) }] };
      }),
    subscribe: (uri, changed) =>
      withLocated(uri, async ({ face, params }) => (await service()).subscribe(face.uri, params, changed)),
  };
}

/** A page has no banner: it tells from each answer that it shows whether the data is real. */
function bodyOf(value: Content, banner: string | undefined): Body {
  if (typeof value === 'string') return { text: banner === undefined ? value : `${banner}\n\n${value}` };
  const { page, _meta } = value;
  if (typeof page === 'string') return { text: page, ...(isObject(_meta) && { _meta }) };
  return { text: JSON.stringify(banner === undefined ? value : { notice: banner, ...value }) };
}

function unknown(faces: readonly ResourceFace[], uri: string): Refusal {
  const names = faces.filter((face) => !isPage(face)).map((face) => face.uri);
  const message = `There is no such resource. Resources: ${names.join(', ')}.`;
  return { kind: 'no_such_resource', message, data: { uri } };
}

const KINDS: Partial<Record<Code, Refusal['kind']>> = { invalid_input: 'invalid', not_found: 'no_such_resource' };

function refusalOf(error: unknown, uri: string): Refusal {
  const { code, detail, remedy, retryAfter } = toFault(error);
  const data = { uri, code, remedy, retry_after_seconds: retryAfter };
  return { kind: KINDS[code] ?? 'internal', message: `${code}: ${detail}`, data };
}
