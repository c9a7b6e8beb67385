import { createHash } from "node:crypto";
import path from "node:path";
import type { NextConfig } from "next";

/** Hosts from which Server Actions may be called beside the app's own: read when the app is built. */
const allowedOrigins = (process.env.SERVER_ACTIONS_ALLOWED_ORIGINS ?? "")
  .split(",")
  .map((host) => host.trim())
  .filter(Boolean);

const deploymentId = process.env.NEXT_DEPLOYMENT_ID;

const config: NextConfig = {
  deploymentId,
  // The same deployment built twice is the same build, so that a build can be skipped and repeated.
  generateBuildId: () => createHash("sha256").update(`build ${deploymentId}`).digest("base64url").slice(0, 21),
  experimental: { serverActions: { allowedOrigins } },
  poweredByHeader: false,
  // `npm run typecheck` checks the types once; every variant's build would do it again.
  typescript: { ignoreBuildErrors: true },
  // The variants are built in sibling directories and share the node_modules above them.
  turbopack: { root: path.resolve(process.env.MODULES_ROOT ?? ".") },
};

export default config;
