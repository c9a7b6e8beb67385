import { LoginForm } from "@/components/login/login-form";

export default function LoginPage() {
  return (
    <>
      <h1>Welcome back</h1>
      <p className="muted">Sign in to your master inbox</p>
      <LoginForm />
    </>
  );
}
