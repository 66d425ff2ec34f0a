import { isObject, type JsonObject } from './json.ts';

/** What the client says about itself and the place that the board has in it. */
export interface Context {
  readonly theme?: 'light' | 'dark' | undefined;
  readonly variables: Readonly<Record<string, string>>;
  readonly isFullScreen: boolean;
  readonly canFillScreen: boolean;
  /** In px, where the client bounds it. */
  readonly maxHeight?: number | undefined;
  /** The tool whose answer is shown, where the client tells it. */
  readonly tool?: string | undefined;
}

export const NO_CONTEXT: Context = { variables: {}, isFullScreen: false, canFillScreen: false };

/** The context after a notification, which has only what has changed. */
export function readContext(known: Context, changed: JsonObject): Context {
  const { theme, styles, displayMode, availableDisplayModes: modes, containerDimensions: room, toolInfo } = changed;
  const variables = isObject(styles) && isObject(styles.variables) ? styles.variables : undefined;
  const tool = isObject(toolInfo) && isObject(toolInfo.tool) ? toolInfo.tool.name : undefined;
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : known.theme,
    variables: variables ? onlyTexts(variables) : known.variables,
    isFullScreen: displayMode === undefined ? known.isFullScreen : displayMode === 'fullscreen',
    canFillScreen: Array.isArray(modes) ? modes.includes('fullscreen') : known.canFillScreen,
    maxHeight: isObject(room) ? heightIn(room) : known.maxHeight,
    tool: typeof tool === 'string' ? tool : known.tool,
  };
}

function onlyTexts(variables: JsonObject): Record<string, string> {
  const texts = Object.entries(variables).flatMap(([name, value]): [string, string][] =>
    name.startsWith('--') && typeof value === 'string' ? [[name, value]] : [],
  );
  return Object.fromEntries(texts);
}

function heightIn({ height, maxHeight }: JsonObject): number | undefined {
  const [least] = [height, maxHeight].filter((one) => typeof one === 'number' && one > 0);
  return typeof least === 'number' ? least : undefined;
}

/** Without both of these, colours of the client would stand beside ours, and may not be readable there. */
const BASE_COLORS = ['--color-background-primary', '--color-text-primary'];
/** The tallest that the board is between messages, px. */
const TALLEST = 500;

/** Dresses the page as the client wants it. */
export function applyContext({ theme, variables, isFullScreen, maxHeight }: Context): void {
  const { style, dataset } = document.documentElement;
  style.colorScheme = theme ?? 'light dark';
  dataset.mode = isFullScreen ? 'full' : 'inline';
  style.setProperty('--tallest', `${Math.min(TALLEST, maxHeight ?? TALLEST)}px`);
  const hasColors = BASE_COLORS.every((name) => name in variables);
  for (const [name, value] of Object.entries(variables)) {
    if (hasColors || !name.startsWith('--color-')) style.setProperty(name, value);
  }
}
