// Asks the platform for the project and its deployments with @vercel/sdk; prints what it was answered, one JSON object.
//     node vercel.mjs URL TOKEN TEAM PROJECT PRODUCTION-DOMAIN
import { Vercel } from "@vercel/sdk";

const [serverURL, bearerToken, teamId, idOrName, domain] = process.argv.slice(2);
const vercel = new Vercel({ serverURL, bearerToken });

const user = await vercel.user.getAuthUser();
const team = await vercel.teams.getTeam({ teamId });
const project = await vercel.projects.getProject({ idOrName, teamId });
const list = await vercel.deployments.getDeployments({ projectId: idOrName, teamId, target: "production", limit: 5 });
const serving = await vercel.deployments.getDeployment({ idOrUrl: domain, teamId });
const alias = await vercel.aliases.getAlias({ idOrAlias: domain, teamId });
const listed = await vercel.projects.filterProjectEnvs({ idOrName, teamId });
const variables = listed.envs ?? [];
const one = await vercel.projects.getProjectEnv({ idOrName, id: variables[0].id, teamId });
const refused = await new Vercel({ serverURL, bearerToken: "another" }).user.getAuthUser().catch((error) => error);

console.log(
  JSON.stringify({
    user: user.user.username,
    team: team.slug,
    project: project.name,
    deployments: list.deployments.map((each) => ({ uid: each.uid, state: each.readyState })),
    serving: serving.id,
    alias: alias.deploymentId,
    variables: variables.map((each) => ({ key: each.key, type: each.type, target: each.target })),
    value: one.value,
    refused: refused.statusCode,
  }),
);
