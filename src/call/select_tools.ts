import type { Checked, Config } from '../config/config.ts';
import { unknownInput } from '../core/suggest.ts';
import { GROUPS } from '../tool/groups.ts';
import type { Tool } from '../tool/tool.ts';

/** What the selection needs to know about a tool. */
type Selectable = Pick<Tool, 'name' | 'group' | 'effect'>;

/**
 * The names of the tools that an agent may see and run. Excluded tools are dropped; with writes off, so are all tools
 * that change something. Of the rest, the tools that MDCA_TOOLS names are selected, or all if it names none.
 */
export function selectTools(tools: readonly Selectable[], config: Config): Checked<ReadonlySet<string>> {
  const known: readonly string[] = [...GROUPS, ...tools.map(({ name }) => name)];
  const unknown = (variable: string, names: readonly string[]) =>
    names.flatMap((name, index) =>
      known.includes(name) ? [] : [`${variable}: ${unknownInput('tool or group', name, known, `name ${index + 1}`)}`],
    );
  const problems = [...unknown('MDCA_TOOLS', config.tools), ...unknown('MDCA_EXCLUDE_TOOLS', config.excludeTools)];
  if (problems.length > 0) return { problems };
  const isIn = (names: readonly string[], tool: Selectable) => names.includes(tool.name) || names.includes(tool.group);
  const selected = tools.filter((tool) => {
    if (isIn(config.excludeTools, tool)) return false;
    if (config.writes === 'off' && tool.effect !== 'read') return false;
    return config.tools.length === 0 || isIn(config.tools, tool);
  });
  return { value: new Set(selected.map(({ name }) => name)) };
}
