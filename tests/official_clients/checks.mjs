// Defines a check of deployments and reports it with @vercel/sdk, or only reads what another client did; prints one JSON object.
//     node checks.mjs URL TOKEN TEAM PROJECT DEPLOYMENT [read]
import { Vercel } from "@vercel/sdk";

const [serverURL, bearerToken, teamId, projectIdOrName, deploymentId, only] = process.argv.slice(2);
const vercel = new Vercel({ serverURL, bearerToken, retryConfig: { strategy: "none" } });
const refused = (act) => act.then(() => null).catch((error) => error.statusCode);
const report = (checkRunId, requestBody) =>
  vercel.checksV2.updateDeploymentCheckRun({ deploymentId, checkRunId, teamId, requestBody });

let refusals = null;
if (!only) {
  const check = await vercel.checksV2.createProjectCheck({
    projectIdOrName,
    teamId,
    requestBody: {
      name: "postdeploy",
      requires: "deployment-url",
      blocks: "deployment-alias",
      targets: ["production"],
      timeout: 600000,
      isRerequestable: true,
      source: { kind: "webhook" },
    },
  });
  const begin = (checkId, deployment) =>
    vercel.checksV2.createDeploymentCheckRun({ deploymentId: deployment, teamId, requestBody: { checkId } });
  const run = await begin(check.id, deploymentId);
  await report(run.id, { status: "running", externalUrl: "https://github.com/acme/inbox/actions/runs/1" });
  await report(run.id, { status: "completed", conclusion: "failed", conclusionText: "FAIL", completedAt: 1796048897124 });
  refusals = {
    ended: await refused(report(run.id, { status: "running" })),
    run: await refused(report("run_none", { status: "running" })),
    check: await refused(begin("check_none", deploymentId)),
    deployment: await refused(begin(check.id, "dpl_none")),
  };
}
const listed = await vercel.checksV2.listProjectChecks({ projectIdOrName, teamId });
const runs = await vercel.checksV2.listDeploymentCheckRuns({ deploymentId, teamId });

console.log(
  JSON.stringify({
    checks: listed.checks.map((each) => [each.name, each.requires, each.blocks, each.targets, each.timeout, each.source.kind]),
    runs: runs.runs.map((each) => [each.name, each.status, each.conclusion, each.conclusionText, each.externalUrl]),
    refusals,
  }),
);
