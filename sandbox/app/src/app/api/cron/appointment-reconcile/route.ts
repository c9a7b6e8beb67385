import { cron } from "@/cron/cron";

export const { GET, POST } = cron("appointment-reconcile", "answers 401");
