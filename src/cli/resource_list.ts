import * as register from '../resources/index.ts';
import type { ResourceFace } from '../tool/resource.ts';

/** Every resource as it is listed. The bundle holds the value, not the way to it. */
export const resourceList = Object.values(register).map(
  ({ uri, name, title, description, mimeType }): ResourceFace => ({ uri, name, title, description, mimeType }),
);
