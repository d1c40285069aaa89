import { stopLab } from "../components/lab/lab-computer";
import type { Command } from "./command";
import { requireLab } from "./power";
import { withProgress } from "./progress";

/** `./swarmstead down` */
export const down: Command = {
  usage: "down",
  summary: "lab: shut all VMs down in order; disks stay, and up starts them again",
  acts: true,
  details: "Exit code: 0 when no VM runs any more.",
  async run(context) {
    requireLab(context, "down");
    await withProgress("shutting down", () => stopLab(context.state));
    return 0;
  },
};
