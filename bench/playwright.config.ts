// Nothing but the test: no trace, no video, no screenshot, no second try.

import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "steps",
  outputDir: process.env.BENCH_OUTPUT,
  workers: 1,
  retries: 0,
  reporter: "list",
  use: {
    baseURL: process.env.SANDBOX_URL,
    trace: "off",
    video: "off",
    screenshot: "off",
    launchOptions: { executablePath: process.env.BENCH_BROWSER },
  },
});
