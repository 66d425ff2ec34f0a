import type { EntraConfig } from '../config/entra_settings.ts';
import type { SignIn } from '../entra/sign_in.ts';
import type { Send } from '../http/layers.ts';
import { processLog } from './stderr.ts';

/** The sign-in by Entra, whose code is loaded when it is first needed. */
export interface LateSignIn extends SignIn {
  /** Loads the code; asks nothing of Entra. */
  warmUp(): Promise<void>;
}

export function createLateSignIn(entra: EntraConfig, timeoutMs: number): LateSignIn {
  let loaded: SignIn | undefined;
  let loading: Promise<SignIn> | undefined;
  const load = async () => {
    // A person must see it, whatever MDCA_LOG_LEVEL says.
    const say = (line: string) => processLog.warn(line);
    loading ??= import('../entra/sign_in.ts').then(({ createSignIn }) => createSignIn({ entra, timeoutMs, say }));
    loaded = await loading;
    return loaded;
  };
  return {
    async warmUp() {
      await load();
    },
    layer(next) {
      let layered: Send | undefined;
      return async (request) => {
        layered ??= (await load()).layer(next);
        return layered(request);
      };
    },
    credential: async (request) => (await load()).credential(request),
    permit: async (tool, caller) => (await load()).permit(tool, caller),
    token: async (signal) => (await load()).token(signal),
    // Before it is loaded, there is no token, and the secret has gone nowhere.
    withhold: (text) => loaded?.withhold(text) ?? text,
  };
}
