import { createCluster } from "./stacks/cluster";
import { loadClusterConfig, loadSeed } from "./stacks/config";

const { apps, dockerHost } = createCluster(loadClusterConfig(), { seed: loadSeed() });

export { apps, dockerHost };
