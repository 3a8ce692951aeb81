/** An OpenID Connect issuer whose tokens let people in. */
export interface OidcIssuer {
  /** Just as its tokens say it. */
  issuer: string;
  /** Whom its tokens must be meant for. */
  audience: string;
  /** Claim with the roles: a list of `ROLE:KIND:id`. */
  rolesClaim: string;
}

const ROLES_CLAIM = 'roles';

/** `issuer=audience[;rolesClaim]`, separated by commas, or a JSON list of `{ issuer, audience, rolesClaim? }`. Throws what is wrong with it. */
export function readIssuers(text: string): OidcIssuer[] {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  const given = trimmed.startsWith('[') ? fromJson(trimmed) : trimmed.split(',').map(fromPart);
  const twice = given.find(({ issuer }, at) => given.findIndex((other) => other.issuer === issuer) < at);
  if (twice) throw new Error(`${twice.issuer} is given twice`);
  return given;
}

function fromJson(text: string): OidcIssuer[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    throw new Error('it begins like a JSON list and is none');
  }
  return (list as Record<string, unknown>[]).map(({ issuer, audience, rolesClaim }) => issuerOf(issuer, audience, rolesClaim));
}

function fromPart(part: string): OidcIssuer {
  const [, issuer, audience, rolesClaim] = /^([^=;]+)=([^;]+)(?:;(.+))?$/.exec(part.trim()) ?? [];
  return issuerOf(issuer ?? part, audience, rolesClaim);
}

function issuerOf(issuer: unknown, audience: unknown, rolesClaim: unknown): OidcIssuer {
  if (typeof issuer !== 'string' || !/^https?:\/\//.test(issuer) || !URL.canParse(issuer))
    throw new Error(`${issuer} is no URL of an issuer`);
  if (typeof audience !== 'string' || audience === '') throw new Error(`${issuer} has no audience: give issuer=audience`);
  return { issuer, audience, rolesClaim: typeof rolesClaim === 'string' && rolesClaim !== '' ? rolesClaim : ROLES_CLAIM };
}
