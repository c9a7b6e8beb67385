"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { requestSync } from "@/actions/conversations";
import { callAction } from "./app-update";
import { readConversation } from "./read-api";
import { useResources } from "./resources";

/** One conversation with its messages; opening it asks the background for a fresh copy. */
export function useConversation(id: string) {
  const resources = useResources();
  useEffect(() => {
    void callAction(() => requestSync(id));
  }, [id]);
  return useQuery({ queryKey: ["conversation", id], queryFn: () => readConversation(resources, id) });
}
