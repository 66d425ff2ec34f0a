/** What a code stands for. */
export interface IssuedCode {
  readonly tool: string;
  /** Checked arguments, without the code. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly session: string;
  /** The state of each target by its id, as it was in the plan. */
  readonly states: ReadonlyMap<string, string>;
  /** ms since the epoch */
  readonly until: number;
}

/** Keeps the codes that are out. Asynchronous, because several processes may share one. */
export interface CodeStore {
  put(nonce: string, code: IssuedCode): Promise<void>;
  get(nonce: string): Promise<IssuedCode | undefined>;
  /** True for the first who asks, until it is given back; false for everybody else. */
  use(nonce: string): Promise<boolean>;
  giveBack(nonce: string): Promise<void>;
}

/** Codes that stand at the same time; the oldest give way. */
const MOST = 500;

/** A store of this process alone. */
export function createLocalStore(): CodeStore {
  const issued = new Map<string, { readonly code: IssuedCode; used: boolean }>();
  const mark = (nonce: string, used: boolean) => {
    const entry = issued.get(nonce);
    if (!entry || entry.used === used) return false;
    entry.used = used;
    return true;
  };
  return {
    async put(nonce, code) {
      for (const old of [...issued.keys()].slice(0, Math.max(0, issued.size + 1 - MOST))) issued.delete(old);
      issued.set(nonce, { code, used: false });
    },
    get: async (nonce) => issued.get(nonce)?.code,
    use: async (nonce) => mark(nonce, true),
    giveBack: async (nonce) => void mark(nonce, false),
  };
}
