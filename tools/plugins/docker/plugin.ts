import { serve } from "../serve";
import { type DockerHost, parseDockerHost } from "./docker-host";
import { networkKind } from "./network";
import { secretKind } from "./secret";

let host: DockerHost | undefined;

function configuredHost(): DockerHost {
  if (!host) {
    throw new Error("docker provider: is not configured");
  }
  return host;
}

serve({
  name: "docker",
  version: "5.2.0",
  kinds: {
    "docker:index/network:Network": networkKind(configuredHost),
    "docker:index/secret:Secret": secretKind(configuredHost),
  },
  configure(config) {
    host = parseDockerHost(config);
  },
});
