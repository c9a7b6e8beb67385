import { cron } from "@/cron/cron";

export const { GET, POST } = cron("followups", "answers 503");
