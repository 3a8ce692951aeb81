import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import Provider from 'oidc-provider';

const REDIRECT = 'http://127.0.0.1/signed-in';
const CLIENT = { client_id: 'portal', client_secret: 'secret-of-the-portal' };
const KINDS = { RS256: {}, ES256: {}, EdDSA: { crv: 'Ed25519' } } as const;
export type Kind = keyof typeof KINDS;

export interface Login {
  login: string;
  roles?: unknown;
  scope?: string;
  audience?: string;
  kind?: Kind;
}

/** A real OpenID Connect issuer, where people sign in as with a browser. */
export class Issuer {
  private next: Required<Login> = { login: '', roles: [], scope: '', audience: '', kind: 'ES256' };

  private constructor(
    private readonly server: Server,
    private readonly keys: Record<Kind, CryptoKey>,
  ) {}

  static async open(): Promise<Issuer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const pairs = await Promise.all(Object.entries(KINDS).map(([alg, more]) => generateKeyPair(alg, { ...more, extractable: true })));
    const names = Object.keys(KINDS) as Kind[];
    const issuer = new Issuer(server, Object.fromEntries(names.map((name, i) => [name, pairs[i]!.privateKey])) as Record<Kind, CryptoKey>);
    const jwks = await Promise.all(
      pairs.map(async ({ privateKey }, i) => ({ ...(await exportJWK(privateKey)), kid: names[i], alg: names[i] })),
    );
    server.on(
      'request',
      quietly(() => new Provider(issuer.url, issuer.configuration(jwks)).callback()),
    );
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Signs in and agrees, and hands back the access token that the portal is given. */
  async signIn(login: Login): Promise<string> {
    this.next = { roles: [], scope: 'openid', audience: 'clusterbridge', kind: 'ES256', ...login };
    const verifier = randomBytes(32).toString('base64url');
    const code = await new Browser(this.url, login.login).signIn({
      client_id: CLIENT.client_id,
      response_type: 'code',
      redirect_uri: REDIRECT,
      scope: this.next.scope,
      resource: `https://${this.next.audience}`,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    const form = { ...CLIENT, grant_type: 'authorization_code', code, redirect_uri: REDIRECT, code_verifier: verifier };
    const response = await fetch(`${this.url}/token`, { method: 'POST', body: new URLSearchParams(form) });
    const { access_token: token } = (await response.json()) as { access_token?: string };
    if (!token) throw new Error(`The issuer gave no token: ${response.status}`);
    return token;
  }

  /** With the issuer's own key, what the issuer itself would never sign. */
  sign(claims: JWTPayload, header: { kid?: string; typ?: string } = {}): Promise<string> {
    return new SignJWT({ iss: this.url, aud: 'clusterbridge', sub: 'ada', ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'ES256', ...header })
      .sign(this.keys.ES256);
  }

  /** Where it was before. */
  reopen(port: number): Promise<void> {
    return new Promise((resolve) => this.server.listen(port, '127.0.0.1', resolve));
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private configuration(keys: object[]): object {
    const server = () => ({
      scope: 'partnerships:read events:read',
      audience: this.next.audience,
      accessTokenFormat: 'jwt',
      accessTokenTTL: 600,
      jwt: { sign: { alg: this.next.kind } },
    });
    return {
      jwks: { keys },
      cookies: { keys: [randomBytes(16).toString('hex')] },
      clients: [{ ...CLIENT, redirect_uris: [REDIRECT], token_endpoint_auth_method: 'client_secret_post' }],
      features: { resourceIndicators: { enabled: true, useGrantedResource: () => true, getResourceServerInfo: server } },
      enabledJWA: { idTokenSigningAlgValues: Object.keys(KINDS) },
      clientDefaults: { id_token_signed_response_alg: 'ES256' },
      ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
      extraTokenClaims: () => ({ roles: this.next.roles }),
      findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    };
  }
}

/** That it is set up for a test only it need not tell. */
function quietly<T>(make: () => T): T {
  const { warn, info } = console;
  console.warn = () => undefined;
  console.info = () => undefined;
  try {
    return make();
  } finally {
    Object.assign(console, { warn, info });
  }
}

/** Follows redirects, keeps cookies, and fills in the forms of the issuer. */
class Browser {
  private readonly cookies = new Map<string, string>();

  constructor(
    private readonly site: string,
    private readonly login: string,
  ) {}

  async signIn(query: Record<string, string>): Promise<string> {
    let answer = await this.go(`/auth?${new URLSearchParams(query)}`);
    for (let steps = 0; steps < 12; steps += 1) {
      const location = answer.headers.get('location');
      if (location?.startsWith(REDIRECT)) return codeIn(location);
      answer = location ? await this.go(location) : await this.fill(await answer.text());
    }
    throw new Error('The issuer sends in circles.');
  }

  private fill(page: string): Promise<Response> {
    const [, action] = /action="([^"]+)"/.exec(page) ?? [];
    const [, prompt] = /name="prompt" value="([^"]+)"/.exec(page) ?? [];
    if (!action || !prompt) throw new Error(`The issuer shows no form: ${page.slice(0, 300)}`);
    return this.go(action, { method: 'POST', body: new URLSearchParams({ prompt, login: this.login, password: 'any' }) });
  }

  private async go(url: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map((pair) => pair.join('=')).join('; ');
    const answer = await fetch(new URL(url, this.site), { ...init, redirect: 'manual', headers: { cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(set)!;
      this.cookies.set(name!, value!);
    }
    return answer;
  }
}

function codeIn(location: string): string {
  const code = new URL(location).searchParams.get('code');
  if (!code) throw new Error(`The issuer refuses: ${location}`);
  return code;
}
