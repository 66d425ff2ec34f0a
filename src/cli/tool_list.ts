import * as register from '../../tools/index.ts';
import { toListedTool } from '../mcp/tool_face.ts';

/** Every tool as it is listed, in the order of the list. The build replaces this module by its value. */
export const toolList = Object.values(register).map(toListedTool);
