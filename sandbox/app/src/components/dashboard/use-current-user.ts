"use client";

import { useEffect, useState } from "react";
import { type CurrentUser, getCurrentUser } from "@/actions/people";
import { callAction } from "./app-update";

export function useCurrentUser(): CurrentUser | undefined {
  const [user, setUser] = useState<CurrentUser>();
  useEffect(() => {
    void callAction(getCurrentUser).then((result) => result.success && setUser(result.data));
  }, []);
  return user;
}
