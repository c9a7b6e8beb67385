import { cron } from "@/cron/cron";

export const { GET, POST } = cron("availability", "runs");
