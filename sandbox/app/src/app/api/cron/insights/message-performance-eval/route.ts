import { cron } from "@/cron/cron";

export const { GET, POST } = cron("insights/message-performance-eval", "answers 401");
