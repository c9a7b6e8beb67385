import Link from "next/link";

export default function SignUpPage() {
  return (
    <>
      <h1>Sign up</h1>
      <p className="muted">New people are invited by the administrator of their workspace.</p>
      <Link href="/auth/login">Back to sign in</Link>
    </>
  );
}
