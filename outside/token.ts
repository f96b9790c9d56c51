// Owns how the payer from outside gets its token: by the client credentials that its secret holds.
// Leaves to the issuer which account the token is for, and that it may do no more than pay and read.

const TIMEOUT_MS = 10_000;

/** @throws Error when the secret has another form, or the issuer gives no token; what they hold is in no message */
export const fetchToken = async (secret: string): Promise<string> => {
  const { tokenUrl, form } = credentialsIn(secret);
  const answer = await fetch(tokenUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!answer.ok) throw new Error(`get a token: the issuer answered ${answer.status}`);
  const { access_token: token } = (await answer.json()) as { readonly access_token?: unknown };
  if (typeof token !== 'string') throw new Error('get a token: the issuer’s answer holds no access_token');
  return token;
};

const credentialsIn = (secret: string): { readonly tokenUrl: string; readonly form: string } => {
  const wrong = new Error(
    'the secret must be { "tokenUrl", "form" }: where tokens are given, and the body that asks for one',
  );
  let held: { readonly tokenUrl?: unknown; readonly form?: unknown } | null;
  try {
    held = JSON.parse(secret);
  } catch {
    throw wrong;
  }
  if (typeof held?.tokenUrl !== 'string' || typeof held.form !== 'string') throw wrong;
  return { tokenUrl: held.tokenUrl, form: held.form };
};
