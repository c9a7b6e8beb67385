import { cron } from "@/cron/cron";

export const { GET, POST } = cron("insights/context-packs", "answers 401");
