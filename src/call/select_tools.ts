import type { Checked, Config } from '../config/config.ts';
import { unknownName } from '../core/suggest.ts';
import { GROUPS } from '../tool/groups.ts';
import type { Tool } from '../tool/tool.ts';

/** What decides about a tool. */
type Choice = Pick<Tool, 'name' | 'group' | 'effect'>;

/**
 * The tools that an agent may see and run. What is excluded stays out whatever else is said; with writes off, what
 * changes anything stays out; then the names asked for; then everything.
 */
export function selectTools(tools: readonly Choice[], config: Config): Checked<ReadonlySet<string>> {
  const known: readonly string[] = [...GROUPS, ...tools.map(({ name }) => name)];
  const unknown = (variable: string, names: readonly string[]) =>
    names
      .filter((name) => !known.includes(name))
      .map((name) => `${variable}: ${unknownName('tool or group', name, known)}`);
  const problems = [...unknown('MDCA_TOOLS', config.tools), ...unknown('MDCA_EXCLUDE_TOOLS', config.excludeTools)];
  if (problems.length > 0) return { problems };
  const isIn = (names: readonly string[], tool: Choice) => names.includes(tool.name) || names.includes(tool.group);
  const selected = tools.filter((tool) => {
    if (isIn(config.excludeTools, tool)) return false;
    if (config.writes === 'off' && tool.effect !== 'read') return false;
    return config.tools.length === 0 || isIn(config.tools, tool);
  });
  return { value: new Set(selected.map(({ name }) => name)) };
}
