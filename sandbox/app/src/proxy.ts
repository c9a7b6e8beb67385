import { createServerClient } from "@supabase/ssr";
import { isAuthSessionMissingError, type User } from "@supabase/supabase-js";
import { type NextRequest, NextResponse } from "next/server";
import { isActive } from "@/faults";
import { AuthDeadline } from "@/session/deadline";
import { SUPABASE_ANON_KEY, SUPABASE_URL } from "@/session/supabase";
import { isOdd, places } from "@/shape";

export const config = { matcher: ["/((?!api/|_next/static|_next/image|favicon\\.ico|icon\\.svg).*)"] };

/** The platform serves this script; where the app is served elsewhere, a page answers in its place. */
const INSIGHTS = "/_vercel/insights/script.js";

/** Renews the session's cookies and keeps signed-out people on the login page and its like, signed-in people out of it. */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const { home, login, signedOut } = places();
  const { pathname } = request.nextUrl;
  if (pathname === INSIGHTS && isOdd("insights-html")) return NextResponse.rewrite(new URL(login, request.url));

  const session = await readSession(request);
  // A Server Action checks for itself who calls it; a redirect would only confuse its caller.
  if (session === "unknown" || isServerAction(request)) return passOn(request, session);

  const onAuthPage = pathname.startsWith(signedOut);
  const signedIn = session.user !== null && (onAuthPage || !isActive("login-redirect-loop"));
  if (signedIn && (onAuthPage || (pathname === "/" && home !== "/"))) return redirect(request, home, session);
  if (!signedIn && !onAuthPage) return redirect(request, login, session);
  return passOn(request, session);
}

type Session = { user: User | null; changes: CookieChange[] };
type CookieChange = { name: string; value: string; options: Record<string, unknown> };

async function readSession(request: NextRequest): Promise<Session | "unknown"> {
  using deadline = new AuthDeadline();
  const changes: CookieChange[] = [];
  const client = createServerClient(SUPABASE_URL, SUPABASE_ANON_KEY, {
    global: { fetch: deadline.fetch },
    cookies: {
      getAll: () => request.cookies.getAll(),
      setAll: (list) => {
        changes.push(...list);
        for (const { name, value } of list) request.cookies.set(name, value);
      },
    },
  });
  try {
    const { data, error } = await client.auth.getUser();
    if (error && !isAuthSessionMissingError(error) && !deadline.passed) console.error(error);
    return { user: data.user, changes };
  } catch (error) {
    if (!deadline.passed) throw error;
    // Meant for an auth service that does not answer; supabase-js rarely throws, so mostly it ends as signed out.
    return "unknown";
  }
}

function isServerAction(request: NextRequest): boolean {
  return request.method === "POST" && request.headers.has("next-action");
}

function passOn(request: NextRequest, session: Session | "unknown"): NextResponse {
  return withCookies(NextResponse.next({ request }), session);
}

function redirect(request: NextRequest, pathname: string, session: Session): NextResponse {
  const target = request.nextUrl.clone();
  target.pathname = pathname;
  target.search = "";
  return withCookies(NextResponse.redirect(target), session);
}

function withCookies(response: NextResponse, session: Session | "unknown"): NextResponse {
  if (session !== "unknown") {
    for (const { name, value, options } of session.changes) response.cookies.set(name, value, options);
  }
  return response;
}
