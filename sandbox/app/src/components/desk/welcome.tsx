"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { useFormStatus } from "react-dom";
import { signIn } from "@/actions/session";
import styles from "./desk.module.css";

/** Where people sign in. */
export function Welcome({ dark }: { dark: boolean }) {
  const router = useRouter();
  const [refusal, setRefusal] = useState<string>();
  const [address, setAddress] = useState("");

  async function submit(form: FormData) {
    const typed = String(form.get("address"));
    setAddress(typed);
    setRefusal(undefined);
    const result = await signIn(typed, String(form.get("secret")));
    if (result.success) router.push("/desk");
    else setRefusal(result.error);
  }

  return (
    <div className={styles.app} data-theme={dark ? "dark" : "light"}>
      <form action={submit} className={styles.welcome}>
        <h2>Good to see you</h2>
        <label>
          Your address <input name="address" type="email" defaultValue={address} required />
        </label>
        <label>
          Your secret <input name="secret" type="password" required />
        </label>
        <Continue />
        {refusal && (
          <p role="status" className={styles.snack} data-snack="bad">
            {refusal}
          </p>
        )}
      </form>
    </div>
  );
}

function Continue() {
  const { pending } = useFormStatus();
  return (
    <button type="submit" disabled={pending}>
      Continue
    </button>
  );
}
