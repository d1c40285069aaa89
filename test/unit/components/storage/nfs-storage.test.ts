import { nfsMountSpec } from "../../../../components/storage/nfs-storage";

test("a server's folder is mounted hard, so that who writes waits for it and is told of no error", () => {
  expect(nfsMountSpec({ server: "10.77.1.10", path: "/srv/data", version: "4.1" })).toEqual({
    type: "nfs",
    source: "10.77.1.10:/srv/data",
    options: ["vers=4.1", "hard", "noatime", "_netdev"],
    after: [],
  });
});
