import { cron } from "@/cron/cron";

export const { GET, POST } = cron("calendar-health", "answers 401");
