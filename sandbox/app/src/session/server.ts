import { createServerClient } from "@supabase/ssr";
import type { SupabaseClient } from "@supabase/supabase-js";
import { cookies } from "next/headers";
import { isActive } from "@/faults";
import { SUPABASE_ANON_KEY, SUPABASE_URL } from "./supabase";

/** The auth client of one Server Action or route handler; it may renew the session's cookies. */
export async function serverClient(fetcher: typeof fetch = fetch): Promise<SupabaseClient> {
  const jar = await cookies();
  const elsewhere = isActive("cookie-elsewhere") ? { domain: "app.example.com" } : {};
  return createServerClient(SUPABASE_URL, SUPABASE_ANON_KEY, {
    global: { fetch: fetcher },
    cookies: {
      getAll: () => jar.getAll(),
      setAll: (changes) => changes.forEach(({ name, value, options }) => jar.set(name, value, { ...options, ...elsewhere })),
    },
  });
}
