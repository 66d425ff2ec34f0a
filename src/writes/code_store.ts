/** The call and the plan that a code was issued for. */
export interface IssuedCode {
  readonly tool: string;
  /** Checked arguments, without the code. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly session: string;
  /** Who has signed in; empty where nobody has to. */
  readonly caller: string;
  /** The state of each target by its id, as it was in the plan. */
  readonly states: ReadonlyMap<string, string>;
  /** ms since the epoch */
  readonly until: number;
}

/** Stores the issued codes. Asynchronous, so that several processes could share a store. */
export interface CodeStore {
  put(nonce: string, code: IssuedCode): Promise<void>;
  get(nonce: string): Promise<IssuedCode | undefined>;
  /** Marks a code as used. @returns false if it is unknown or already used, and not given back since */
  use(nonce: string): Promise<boolean>;
  giveBack(nonce: string): Promise<void>;
}

/** Number of stored codes; a further code drops the oldest. */
const MAX_CODES = 500;

/** A store in memory, for this process alone. */
export function createLocalStore(): CodeStore {
  const issued = new Map<string, { readonly code: IssuedCode; used: boolean }>();
  const setUsed = (nonce: string, used: boolean) => {
    const entry = issued.get(nonce);
    if (!entry || entry.used === used) return false;
    entry.used = used;
    return true;
  };
  return {
    async put(nonce, code) {
      for (const old of [...issued.keys()].slice(0, Math.max(0, issued.size + 1 - MAX_CODES))) issued.delete(old);
      issued.set(nonce, { code, used: false });
    },
    get: async (nonce) => issued.get(nonce)?.code,
    use: async (nonce) => setUsed(nonce, true),
    giveBack: async (nonce) => void setUsed(nonce, false),
  };
}
