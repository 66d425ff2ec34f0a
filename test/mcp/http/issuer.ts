import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';

/** An issuer of tokens on loopback, with one key. */
export interface Issuer {
  readonly url: string;
  readonly key: CryptoKey;
  /** The public key as PEM. */
  readonly pem: string;
  /** Paths that were asked for. */
  readonly asked: string[];
  /** While true, it answers 500. */
  isDown: boolean;
  /** A good token, but for what is changed: `undefined` leaves a claim out. */
  token(
    changed?: Record<string, unknown>,
    header?: Record<string, unknown>,
    key?: CryptoKey | Uint8Array,
  ): Promise<string>;
  /** Publishes a further key. @returns its private part */
  addKey(kid: string): Promise<CryptoKey>;
  close(): void;
}

export const AUDIENCE = 'api://mdca';

export async function startIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', use: 'sig', alg: 'RS256' };
  const keys: object[] = [jwk];
  const server: Server = createServer((req, res) => {
    issuer.asked.push(req.url ?? '');
    if (issuer.isDown) return res.writeHead(500).end();
    const metadata = { issuer: issuer.url, jwks_uri: `${issuer.url}/keys` };
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify(req.url === '/keys' ? { keys } : metadata));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const issuer: Issuer = {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    key: privateKey,
    pem: await exportSPKI(publicKey),
    asked: [],
    isDown: false,
    token(changed = {}, header = {}, key = privateKey) {
      const now = Math.floor(Date.now() / 1000);
      const claims = {
        iss: issuer.url,
        aud: AUDIENCE,
        exp: now + 600,
        nbf: now - 5,
        tid: 't1',
        oid: 'o1',
        scp: 'Alerts.Write',
      };
      return new SignJWT({ ...claims, ...changed })
        .setProtectedHeader({ alg: 'RS256', kid: 'one', ...header })
        .sign(key);
    },
    async addKey(kid) {
      const added = await generateKeyPair('RS256', { extractable: true });
      keys.push({ ...(await exportJWK(added.publicKey)), kid, use: 'sig', alg: 'RS256' });
      return added.privateKey;
    },
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  return issuer;
}
