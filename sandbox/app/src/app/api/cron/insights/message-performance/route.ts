import { cron } from "@/cron/cron";

export const { GET, POST } = cron("insights/message-performance", "answers 401");
