import * as register from '../prompts/index.ts';
import { toPromptFace } from '../tool/prompt.ts';

/** Every prompt as it is listed. The build replaces this module by its value. */
export const promptList = Object.values(register).map(toPromptFace);
