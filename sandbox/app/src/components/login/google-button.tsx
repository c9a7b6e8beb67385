"use client";

import { createBrowserClient } from "@supabase/ssr";
import { toast } from "sonner";
import { SUPABASE_ANON_KEY, SUPABASE_URL } from "@/session/supabase";

export function GoogleButton() {
  async function signInWithGoogle() {
    const client = createBrowserClient(SUPABASE_URL, SUPABASE_ANON_KEY);
    const { error } = await client.auth.signInWithOAuth({
      provider: "google",
      options: { redirectTo: window.location.origin },
    });
    if (error) toast.error(error.message);
  }

  return (
    <button type="button" className="secondary" onClick={() => void signInWithGoogle()}>
      Continue with Google
    </button>
  );
}
