import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "@/generated/prisma/client";

const connectionString = process.env.DATABASE_URL;
if (!connectionString) throw new Error("[prisma] DATABASE_URL is not set");

/** Few connections: every instance of the app has its own pool, and the pooler behind them has an end. */
export const database = new PrismaClient({
  adapter: new PrismaPg({
    connectionString,
    max: 4,
    // How long a request waits for a free connection; 0: as long as it takes.
    connectionTimeoutMillis: Number(process.env.DATABASE_POOL_TIMEOUT_MS ?? 0),
  }),
});
