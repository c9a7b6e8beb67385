import { cron } from "@/cron/cron";

export const { GET, POST } = cron("emailbison/availability-slot", "runs");
