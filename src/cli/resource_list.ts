import * as register from '../resources/index.ts';
import type { ResourceFace } from '../tool/resource.ts';

/** Every resource as it is listed. The build replaces this module by its value. */
export const resourceList = Object.values(register).map(
  ({ uri, name, title, description, mimeType }): ResourceFace => ({ uri, name, title, description, mimeType }),
);
