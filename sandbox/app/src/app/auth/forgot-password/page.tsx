import Link from "next/link";

export default function ForgotPasswordPage() {
  return (
    <>
      <h1>Forgot password</h1>
      <p className="muted">Ask the administrator of your workspace for a new one.</p>
      <Link href="/auth/login">Back to sign in</Link>
    </>
  );
}
