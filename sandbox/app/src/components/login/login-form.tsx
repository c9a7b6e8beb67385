"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useFormStatus } from "react-dom";
import { toast } from "sonner";
import { signIn } from "@/actions/session";
import { GoogleButton } from "./google-button";

export function LoginForm() {
  const router = useRouter();
  const [email, setEmail] = useState("");

  async function submit(form: FormData) {
    const typed = String(form.get("email"));
    setEmail(typed);
    const result = await signIn(typed, String(form.get("password")));
    if (!result.success) {
      toast.error(result.error);
      return;
    }
    toast.success("Logged in successfully!");
    router.push("/");
  }

  return (
    <>
      <form action={submit} className="auth-form">
        <label htmlFor="email">Email</label>
        <input id="email" name="email" type="email" autoComplete="username" defaultValue={email} required />
        <label htmlFor="password">Password</label>
        <input id="password" name="password" type="password" autoComplete="current-password" required />
        <SubmitButton />
      </form>
      <GoogleButton />
      <p className="auth-links">
        <Link href="/auth/forgot-password">Forgot password?</Link>
        <Link href="/auth/sign-up">Sign up</Link>
      </p>
    </>
  );
}

function SubmitButton() {
  const { pending } = useFormStatus();
  return (
    <button type="submit" className="primary" disabled={pending}>
      Sign in with Email
    </button>
  );
}
