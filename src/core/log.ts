export const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type Level = (typeof LEVELS)[number];

/** Writes one JSON object per line. Facts are names, codes, counts and times; no arguments, bodies or credentials. */
export type Log = Readonly<Record<Level, (message: string, facts?: Readonly<Record<string, unknown>>) => void>>;

/** @param write takes one line without its newline */
export function createLog(level: Level, write: (line: string) => void): Log {
  const logAt =
    (own: Level) =>
    (message: string, facts: Readonly<Record<string, unknown>> = {}) => {
      if (LEVELS.indexOf(own) < LEVELS.indexOf(level)) return;
      const safe = Object.entries(facts).map(([key, fact]) => [key, fact instanceof Error ? toFrames(fact) : fact]);
      write(JSON.stringify({ time: new Date().toISOString(), level: own, message, ...Object.fromEntries(safe) }));
    };
  return { debug: logAt('debug'), info: logAt('info'), warn: logAt('warn'), error: logAt('error') };
}

/** An error's message may hold what a service or a person wrote, so only its name and its stack frames are logged. */
function toFrames({ name, message, stack = '' }: Error) {
  const frames = stack.slice(stack.indexOf(message) + message.length).split('\n');
  return {
    name,
    at: frames
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 6)
      .map((line) => line.trim().slice(3)),
  };
}
