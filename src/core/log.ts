export const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof LEVELS)[number];

/** One JSON object a line. Facts hold names, codes, counts and times; never arguments, bodies or a credential. */
export type Log = Readonly<Record<Level, (message: string, facts?: Readonly<Record<string, unknown>>) => void>>;

/** @param write takes one line without its end */
export function createLog(level: Level, write: (line: string) => void): Log {
  const at =
    (own: Level) =>
    (message: string, facts: Readonly<Record<string, unknown>> = {}) => {
      if (LEVELS.indexOf(own) < LEVELS.indexOf(level)) return;
      const safe = Object.entries(facts).map(([key, fact]) => [key, fact instanceof Error ? placeOf(fact) : fact]);
      write(JSON.stringify({ time: new Date().toISOString(), level: own, message, ...Object.fromEntries(safe) }));
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** An error's message may hold what a service or a person wrote, so only its kind and its place are logged. */
function placeOf({ name, message, stack = '' }: Error) {
  const frames = stack.slice(stack.indexOf(message) + message.length).split('\n');
  return {
    name,
    at: frames
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 6)
      .map((line) => line.trim().slice(3)),
  };
}
