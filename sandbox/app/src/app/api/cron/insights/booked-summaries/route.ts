import { cron } from "@/cron/cron";

export const { GET, POST } = cron("insights/booked-summaries", "answers 401");
