import { cron } from "@/cron/cron";

export const { GET, POST } = cron("booking-qualification-jobs", "answers 401");
