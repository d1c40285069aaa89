import type { KeepalivedSpec } from "../../components/vip/keepalived-conf";

/** The most preferred of three managers, at the defaults. */
export const SPEC: KeepalivedSpec = {
  address: "10.77.0.10",
  routerId: 51,
  advertSeconds: 0.3,
  checkSeconds: 0.5,
  rank: 0,
  source: "10.77.0.11",
  peers: ["10.77.0.12", "10.77.0.13"],
};
