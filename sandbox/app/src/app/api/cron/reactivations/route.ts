import { cron } from "@/cron/cron";

export const { GET, POST } = cron("reactivations", "answers 503");
