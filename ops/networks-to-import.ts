import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { composeNeeds } from "../components/compose/compose";
import { EDGE_NETWORK } from "../components/compose/compose-labels";
import { UserError } from "../components/lib/user-error";
import type { Context } from "./context";
import { runOn } from "./ssh-session";

const LIMIT_SECONDS = 60;

/** A node that is no manager any more would show only the networks of its own tasks. */
const LIST_NETWORKS = `set -e
docker node ls --quiet >/dev/null
docker network ls --no-trunc --filter driver=overlay --filter scope=swarm --format '{{.Name}} {{.ID}}'
`;

/**
 * Names of the overlay networks that the program makes: the apps' common one, and those that they declare for themselves.
 *
 * @throws {UserError} if an app has no compose file
 * @throws {ComposeError} with every fault of one
 */
export function declaredNetworks(context: Context): string[] {
  const own = Object.keys(context.config().apps).flatMap((app) => {
    const shown = join("apps", app, "compose.yaml");
    const file = join(context.root, shown);
    if (!existsSync(file)) {
      throw new UserError(
        `apps.${app}: there is no ${shown}; write it, or take the app out of the config`,
      );
    }
    return composeNeeds(app, readFileSync(file, "utf8"), shown).networks;
  });
  return [EDGE_NETWORK, ...own];
}

/**
 * Which networks have to be taken over instead of made, since the swarm has them: the ids of those that are wanted, by
 * name. For `createCluster`; one that the state has under the same id already is left as it is.
 *
 * @param wanted names, for example from `declaredNetworks`
 * @param listed what `listNetworks` gave
 */
export function networksToImport(
  wanted: readonly string[],
  listed: string,
): Record<string, string> {
  const present = new Map(
    listed.split("\n").map((line): [string, string] => {
      const [name = "", id = ""] = line.split(" ");
      return [name, id];
    }),
  );
  return Object.fromEntries(
    wanted.flatMap((name) => {
      const id = present.get(name);
      return id ? [[name, id]] : [];
    }),
  );
}

/** The line that tells why; that the connection was closed comes after it and tells nothing. */
function lastWords(stderr: string): string {
  const lines = stderr.split(/\r?\n/).filter((line) => !/^$|Connection (closed|reset)/.test(line));
  return lines.at(-1) ?? "";
}

/**
 * The swarm's overlay networks, a line `<name> <id>` each.
 *
 * @param at the SSH configuration
 * @param alias leads to any live manager
 * @throws {UserError} with the last words of ssh or Docker where there is no answer
 */
export async function listNetworks(at: Pick<Context, "sshConfig">, alias: string): Promise<string> {
  const { code, stdout, stderr } = await runOn(at, alias, LIST_NETWORKS, LIMIT_SECONDS);
  if (code !== 0) {
    throw new UserError(lastWords(stderr) || "no manager answers");
  }
  return stdout;
}
