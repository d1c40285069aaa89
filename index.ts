import { createCluster } from "./stacks/cluster";
import { loadClusterConfig } from "./stacks/config";

const { apps, dockerHost } = createCluster(loadClusterConfig());

export { apps, dockerHost };
