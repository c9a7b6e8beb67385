// Signs in, refreshes and signs out with supabase-js; prints what it was answered, one JSON object.
//     node supabase.mjs DIRECTORY-WITH-NODE_MODULES URL ANON-KEY EMAIL PASSWORD
import { createRequire } from "node:module";
import path from "node:path";

const [modules, url, anonKey, email, password] = process.argv.slice(2);
const { createClient } = createRequire(path.join(modules, "package.json"))("@supabase/supabase-js");

const client = () => createClient(url, anonKey, { auth: { persistSession: false, autoRefreshToken: false } });
const told = (error) => error && { name: error.name, status: error.status, code: error.code, message: error.message };

const first = client();
const refused = await first.auth.signInWithPassword({ email, password: `${password}!` });
const signedIn = await first.auth.signInWithPassword({ email, password });
const user = await first.auth.getUser();
const claims = await first.auth.getClaims();
const forged = await first.auth.getClaims(signedIn.data.session.access_token.replace(/.{20}$/, "A".repeat(20)));
const refreshed = await first.auth.refreshSession();

const late = client();
const reused = await late.auth.refreshSession({ refresh_token: signedIn.data.session.refresh_token });
const unknown = await late.auth.refreshSession({ refresh_token: "never-issued" });

const accessToken = refreshed.data.session.access_token;
const signedOut = await first.auth.signOut();
const afterwards = await late.auth.getUser(accessToken);

console.log(
  JSON.stringify({
    refused: told(refused.error),
    user: user.data.user?.email,
    claims: { algorithm: claims.data?.header.alg, role: claims.data?.claims.role },
    forged: forged.error?.name,
    rotated: refreshed.data.session.refresh_token !== signedIn.data.session.refresh_token,
    reused: reused.data.session?.refresh_token === refreshed.data.session.refresh_token,
    unknown: told(unknown.error),
    signedOut: told(signedOut.error),
    afterwards: told(afterwards.error),
  }),
);
