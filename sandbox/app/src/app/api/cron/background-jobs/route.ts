import { cron } from "@/cron/cron";

export const { GET, POST } = cron("background-jobs", "answers 503");
