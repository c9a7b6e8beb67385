import { cron } from "@/cron/cron";

export const { GET, POST } = cron("response-timing", "answers 401");
