/** A whole OpenID Connect provider on loopback: people log in by authorization code with PKCE, programs by their secret. */
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';

const CALLBACK = 'https://portal.example/callback';

/** A provider that runs. */
export interface RunningProvider {
  readonly issuer: string;
  /** The access token of a program, for the audience that it asks for. */
  tokenOfProgram(audience: string): Promise<string>;
  /** The access token and the id token of a person who logs in at the portal. */
  tokensOfPerson(account: string, audience: string): Promise<{ access: string; id: string }>;
  close(): Promise<void>;
}

/**
 * Starts a provider.
 * @param claims what it states in an access token of an account or a program, beside what every token has
 */
export async function startProvider(claims: (subject: string) => Record<string, unknown>): Promise<RunningProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keys = await Promise.all(
    (['RS256', 'ES256'] as const).map(async (alg) => ({
      ...(await exportJWK((await generateKeyPair(alg, { extractable: true })).privateKey)),
      alg,
      kid: alg,
      use: 'sig',
    })),
  );
  const provider = new Provider(issuer, {
    jwks: { keys: keys as never },
    clients: [
      { client_id: 'icbc-loader', client_secret: 'a secret of the test', grant_types: ['client_credentials'], redirect_uris: [], response_types: [] },
      { client_id: 'portal', token_endpoint_auth_method: 'none', grant_types: ['authorization_code'], redirect_uris: [CALLBACK], response_types: ['code'] },
    ],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_ctx, audience) => ({
          scope: 'read',
          audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 600,
          jwt: { sign: { alg: 'ES256' } },
        }),
        useGrantedResource: () => true,
      },
    },
    cookies: { keys: ['of the test'] },
    ttl: { Interaction: 600, Session: 600, Grant: 600, IdToken: 600, AccessToken: 600, ClientCredentials: 600 },
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    extraTokenClaims: (_ctx, token) => claims('accountId' in token ? token.accountId : (token.clientId ?? '')),
  });
  server.on('request', provider.callback());

  const token = async (form: Record<string, string>, headers: Record<string, string> = {}): Promise<{ access_token: string; id_token: string }> => {
    const response = await fetch(`${issuer}/token`, { method: 'POST', headers, body: new URLSearchParams(form) });
    if (response.status !== 200) throw new Error(`Expected a token, but got: ${await response.text()}`);
    return (await response.json()) as { access_token: string; id_token: string };
  };

  return {
    issuer,
    tokenOfProgram: async (resource) => {
      const authorization = `Basic ${Buffer.from(`icbc-loader:${encodeURIComponent('a secret of the test')}`).toString('base64')}`;
      return (await token({ grant_type: 'client_credentials', scope: 'read', resource }, { authorization })).access_token;
    },
    tokensOfPerson: async (account, resource) => {
      const verifier = randomBytes(32).toString('base64url');
      const asked = new URLSearchParams({
        client_id: 'portal',
        response_type: 'code',
        scope: 'openid read',
        resource,
        redirect_uri: CALLBACK,
        code_challenge_method: 'S256',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      });
      const code = await codeOf(`${issuer}/auth?${asked}`, account);
      const { access_token, id_token } = await token({
        grant_type: 'authorization_code',
        client_id: 'portal',
        code,
        code_verifier: verifier,
        redirect_uri: CALLBACK,
        resource,
      });
      return { access: access_token, id: id_token };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Does what a person's browser does: follows the provider, logs in, consents, until it is sent back to the portal with a code. */
async function codeOf(start: string, account: string): Promise<string> {
  const cookies = new Map<string, string>();
  let next = { url: start, form: undefined as URLSearchParams | undefined };
  for (let step = 0; step < 12; step++) {
    if (next.url.startsWith(CALLBACK)) return new URL(next.url).searchParams.get('code') ?? '';
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(next.url, { redirect: 'manual', headers: { cookie }, ...(next.form && { method: 'POST', body: next.form }) });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location) {
      next = { url: new URL(location, next.url).href, form: undefined };
      continue;
    }
    const page = await response.text();
    const action = /<form[^>]*action="([^"]+)"/.exec(page)?.[1];
    const prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1];
    if (!action || !prompt) throw new Error(`Expected a form, but got: ${response.status} ${page.slice(0, 500)}`);
    next = { url: new URL(action, next.url).href, form: new URLSearchParams({ prompt, login: account, password: 'x' }) };
  }
  throw new Error('Expected to be sent back to the portal, but was sent on and on.');
}
