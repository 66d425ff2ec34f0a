import type { Tool } from '../../../src/tool/tool.ts';
import { tools } from '../../fixture.ts';
import { argsFor } from '../../samples.ts';

/** A tool of the register, for a payload that is about this one. */
export function toolNamed(name: string): Tool {
  const tool = tools.find((each) => each.name === name);
  if (!tool) throw new Error(`A payload in test/injection/payloads/ names ${name}, which tools/index.ts does not.`);
  return tool;
}

/** A call as it would be written down, with arguments that work in the demo tenant. */
export function callOf(name: string, more: object = {}): string {
  return `${toolNamed(name).name} ${JSON.stringify({ ...argsFor(name), ...more })}`;
}

/** The same as the parameters of `tools/call`. */
export function paramsOf(name: string): string {
  return JSON.stringify({ name: toolNamed(name).name, arguments: argsFor(name) });
}
