// Acts on the platform with @vercel/sdk and looks what came of it; prints what it was answered, one JSON object.
//     node acts.mjs URL TOKEN TEAM PROJECT
import { Vercel } from "@vercel/sdk";

const [serverURL, bearerToken, teamId, projectId] = process.argv.slice(2);
const vercel = new Vercel({ serverURL, bearerToken, retryConfig: { strategy: "none" } });
const state = async () => {
  const project = await vercel.projects.getProject({ idOrName: projectId, teamId });
  const { type, toDeploymentId, jobStatus } = project.lastAliasRequest ?? {};
  return { type, to: toDeploymentId, job: jobStatus, automatic: project.autoAssignCustomDomains };
};
const refused = (act) => act.then(() => null).catch((error) => error.statusCode);

const list = await vercel.deployments.getDeployments({ projectId, teamId });
const deployments = list.deployments.map((each) => [each.uid, each.target ?? null, each.readyState, each.readySubstate]);
await vercel.projects.requestRollback({ projectId, deploymentId: "dpl_old", description: "broken", teamId });
const rolledBack = await state();
await vercel.projects.requestPromote({ projectId, deploymentId: "dpl_new", teamId });
const promoted = await state();
const aliases = await vercel.projects.listPromoteAliases({ projectId, teamId });
const set = await vercel.projects.updateProject({
  idOrName: projectId,
  teamId,
  requestBody: { autoAssignCustomDomains: false },
});
const refusals = {
  current: await refused(vercel.projects.requestPromote({ projectId, deploymentId: "dpl_new", teamId })),
  preview: await refused(vercel.projects.requestPromote({ projectId, deploymentId: "dpl_preview", teamId })),
  unknown: await refused(vercel.projects.requestRollback({ projectId, deploymentId: "dpl_none", teamId })),
};
const canary = { idOrName: projectId, teamId };
const started = await vercel.rollingRelease.startRollingRelease({
  ...canary,
  requestBody: { canaryDeploymentId: "dpl_staged" },
});
const rolling = (await vercel.rollingRelease.getRollingRelease(canary)).rollingRelease;

console.log(
  JSON.stringify({
    deployments,
    rolledBack,
    promoted,
    aliases: aliases.aliases.map((each) => [each.alias, each.status]),
    automatic: set.autoAssignCustomDomains,
    refusals,
    started: started.rollingRelease?.state,
    rolling: [rolling.currentDeployment.id, rolling.canaryDeployment.id, rolling.activeStage.targetPercentage],
  }),
);
