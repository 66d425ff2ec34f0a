import type { ResourceFace } from '../tool/resource.ts';

/** The resource that a URI names, and the parameters in the URI. */
export interface Located {
  readonly face: ResourceFace;
  readonly params: Readonly<Record<string, string>>;
}

/** True for a resource whose URI has parameters; it is listed as a template. */
export function isTemplate({ uri }: ResourceFace): boolean {
  return uri.includes('{');
}

/** Finds the resource that a URI names; one without parameters takes precedence. */
export function locate(faces: readonly ResourceFace[], uri: string): Located | undefined {
  const exact = faces.find((face) => face.uri === uri);
  if (exact) return isTemplate(exact) ? undefined : { face: exact, params: {} };
  for (const face of faces) {
    const found = patternOf(face).exec(uri);
    if (found) return { face, params: { ...found.groups } };
  }
  return undefined;
}

/** A parameter matches exactly one path segment. */
function patternOf({ uri }: ResourceFace): RegExp {
  const parts = uri.split(/\{(\w+)\}/);
  const pattern = parts.map((part, n) => (n % 2 === 0 ? escaped(part) : `(?<${part}>[^/?#]+)`)).join('');
  return new RegExp(`^${pattern}$`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

/** True for a page. Clients find it by the tool that has it; it is not listed, because no model or person reads it. */
export function isPage({ uri }: Pick<ResourceFace, 'uri'>): boolean {
  return uri.startsWith('ui:');
}
